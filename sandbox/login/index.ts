export { type Arrival, Browser } from './browser';
export type { Asked, LoginPage } from './pages';
export { RecoveryCodes } from './recovery-codes';
export { type Answer, type Answers, type LoginClient, type LoginRequest, type LoginResult, signIn } from './sign-in';
export { TotpDevice, type TotpOptions } from './totp';
export { createUser, type TestUser, type TestUserOptions } from './users';
