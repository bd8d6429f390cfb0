import { Duration } from '../lib';
import type { Environment } from './environment';

export const staging: Environment = {
  name: 'staging',
  state: 'remote',
  realmName: 'step-up-staging',
  goldMaxAge: Duration.minutes(5),
  sslRequired: 'all',
  shopRedirectUris: ['https://shop.staging.example.com/callback'],
};
