import type { Representation } from '../engine/api';
import { at, type Field, type Fields } from '../engine/table';
import { isObject, type Obj, type Value } from '../protocol/values';

const headers: Fields = {
  x_frame_options: at('xFrameOptions', { default: 'SAMEORIGIN' }),
  content_security_policy: at('contentSecurityPolicy', {
    default: "frame-src 'self'; frame-ancestors 'self'; object-src 'none';",
  }),
  content_security_policy_report_only: at('contentSecurityPolicyReportOnly', { default: '' }),
  x_content_type_options: at('xContentTypeOptions', { default: 'nosniff' }),
  x_robots_tag: at('xRobotsTag', { default: 'none' }),
  x_xss_protection: at('xXSSProtection', { default: '1; mode=block' }),
  strict_transport_security: at('strictTransportSecurity', { default: 'max-age=31536000; includeSubDomains' }),
  referrer_policy: at('referrerPolicy', { default: 'no-referrer' }),
};

const bruteForce: Fields = {
  permanent_lockout: at('permanentLockout', { default: false }),
  brute_force_strategy: at('bruteForceStrategy', { default: 'MULTIPLE' }),
  max_temporary_lockouts: at('maxTemporaryLockouts', { default: 0, omitZero: true }),
  max_login_failures: at('failureFactor', { default: 30 }),
  wait_increment_seconds: at('waitIncrementSeconds', { default: 60 }),
  quick_login_check_milli_seconds: at('quickLoginCheckMilliSeconds', { default: 1000 }),
  minimum_quick_login_wait_seconds: at('minimumQuickLoginWaitSeconds', { default: 60 }),
  max_failure_wait_seconds: at('maxFailureWaitSeconds', { default: 900 }),
  failure_reset_time_seconds: at('maxDeltaTimeSeconds', { default: 43200 }),
};

/**
 * Browser headers and brute force detection. Where a part is absent its defaults are sent (and detection is off); it is
 * read back only where the configuration has the block, so a realm without it shows no change.
 */
export const securityDefenses: Field = {
  block: { headers: { block: headers }, brute_force_detection: { block: bruteForce } },
  write: (value, realm) => {
    const defenses = firstOf(value);
    const detection = firstOf(defenses?.brute_force_detection);
    realm.browserSecurityHeaders = send(headers, firstOf(defenses?.headers));
    realm.bruteForceProtected = detection !== undefined;
    Object.assign(realm, send(bruteForce, detection));
  },
  read: (realm, change) => {
    const held = change.block('security_defenses');
    if (!held) return [];
    const hasHeaders = firstOf(held.headers) !== undefined;
    const isProtected = realm.bruteForceProtected === true;
    if (!hasHeaders && !isProtected) return [];
    const sent = (realm.browserSecurityHeaders ?? {}) as Representation;
    return [
      {
        headers: hasHeaders ? [receive(headers, sent)] : [],
        brute_force_detection: isProtected ? [receive(bruteForce, realm)] : [],
      },
    ];
  },
};

function firstOf(value: Value | undefined): Obj | undefined {
  const first = Array.isArray(value) ? value[0] : undefined;
  return isObject(first) ? first : undefined;
}

function send(fields: Fields, values: Obj | undefined): Representation {
  const properties = Object.entries(fields).map(([name, field]) => [nameOf(field), values?.[name] ?? field.default]);
  return Object.fromEntries(properties);
}

function receive(fields: Fields, source: Representation): Obj {
  const values = Object.entries(fields).map(([name, field]) => [name, (source[nameOf(field)] ?? null) as Value]);
  return Object.fromEntries(values);
}

function nameOf(field: Field): string {
  return field.at?.[0] ?? '';
}
