import { Duration } from '../lib';
import type { Environment } from './environment';

export const prod: Environment = {
  name: 'prod',
  state: 'remote',
  realmName: 'step-up',
  goldMaxAge: Duration.minutes(5),
  sslRequired: 'all',
  shopRedirectUris: ['https://shop.example.com/callback'],
};
