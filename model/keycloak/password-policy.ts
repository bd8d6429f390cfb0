import { isUnknown, type Known, type RequiredAction } from '../realm-model';

const UPDATE_PASSWORD = 'UPDATE_PASSWORD';

/**
 * The required actions with what a password policy says of how long a login counts for a new password (`maxAuthAge`, in seconds): it
 * goes before the action's own setting (`UpdatePassword.getMaxAuthAge`).
 */
export function withPasswordPolicy(
  actions: readonly RequiredAction[],
  policy: Known<string> | undefined,
): readonly RequiredAction[] {
  const age = isUnknown(policy) ? policy : maxAuthAgeOf(policy);
  if (age === undefined) return actions;
  return actions.map((action) =>
    action.alias === UPDATE_PASSWORD ? { ...action, config: { ...action.config, max_auth_age: age } } : action,
  );
}

function maxAuthAgeOf(policy = ''): string | undefined {
  return /(?:^|\band )\s*maxAuthAge\(\s*(\d+)\s*\)/.exec(policy)?.[1];
}
