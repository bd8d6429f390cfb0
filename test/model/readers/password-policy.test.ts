import { readRealmRepresentation } from '../../../model/readers';

const ageWith = (passwordPolicy: string) => {
  const requiredActions = [{ alias: 'UPDATE_PASSWORD', enabled: true, config: { max_auth_age: '120' } }];
  const model = readRealmRepresentation({ realm: 'test', requiredActions, passwordPolicy }, 'export');
  return model.requiredActions.find(({ alias }) => alias === 'UPDATE_PASSWORD')?.config.max_auth_age;
};

test.each([
  ['maxAuthAge(0)', '0'],
  ['length(8) and maxAuthAge(60) and digits(1)', '60'],
  ['length(8)', '120'],
  ['regexPattern(maxAuthAge(9))', '120'],
  ['', '120'],
])('the password policy %p says how long a login counts for a new password', (policy, age) => {
  expect(ageWith(policy)).toBe(age);
});
