import { quotedFlag, quotedNumber } from '../engine/codecs';
import { collection } from '../engine/collection';
import { extraConfig, refuseKeys } from '../engine/extra-config';
import { at, type ResourceTable, realmId } from '../engine/table';

const attribute = (name: string) => ['attributes', name];

/** A client scope of OpenID Connect. A consent text makes it appear on the consent screen. */
export const openidClientScope: ResourceTable = {
  fields: {
    realm_id: realmId,
    name: at('name'),
    description: at('description', { keepUnset: true }),
    consent_screen_text: {
      write: (text, scope) => {
        scope.attributes = {
          ...(scope.attributes as object),
          'consent.screen.text': text,
          'display.on.consent.screen': String(text !== ''),
        };
      },
      read: (scope, change) => {
        const attributes = (scope.attributes ?? {}) as Record<string, string>;
        const isShown = attributes['display.on.consent.screen'] === 'true';
        return isShown ? (attributes['consent.screen.text'] ?? '') : (change.data.consent_screen_text ?? null);
      },
    },
    include_in_token_scope: at(attribute('include.in.token.scope'), { default: true, codec: quotedFlag }),
    include_in_openid_provider_metadata: at(attribute('include.in.openid.provider.metadata'), {
      default: true,
      codec: quotedFlag,
    }),
    gui_order: at(attribute('gui.order'), { codec: quotedNumber }),
    extra_config: extraConfig,
  },
  imports: ['{realm_id}/{id}'],
  constants: { protocol: 'openid-connect' },
  validate: refuseKeys([
    'display.on.consent.screen',
    'consent.screen.text',
    'gui.order',
    'include.in.token.scope',
    'include.in.openid.provider.metadata',
  ]),
  ...collection('/admin/realms/{realm_id}/client-scopes'),
};
