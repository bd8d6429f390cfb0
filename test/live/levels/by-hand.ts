import { testKeycloak } from '../support/keycloak';

const LEVEL = 'conditional-level-of-authentication';

/** What an administrator does in the console to the levels of a realm, in the flow that is bound. */
export async function byHand(realm: string) {
  const { admin } = await testKeycloak();
  const flows = admin.authenticationManagement;
  const { browserFlow: flow = '' } = (await admin.realms.findOne({ realm })) ?? {};
  const executions = () => flows.getExecutions({ realm, flow });
  const subflow = async (part: string) => {
    const found = (await executions()).find((one) => one.authenticationFlow && one.displayName?.includes(part));
    if (!found?.id) throw new Error(`The flow has no subflow ${part}`);
    return found;
  };
  return {
    async map(levels: Readonly<Record<string, number>>): Promise<void> {
      const now = await admin.realms.findOne({ realm });
      const attributes = { ...now?.attributes, 'acr.loa.map': JSON.stringify(levels) };
      await admin.realms.update({ realm }, { ...now, attributes });
    },
    async takeOut(level: string): Promise<void> {
      await flows.delExecution({ realm, id: (await subflow(`.${level}`)).id as string });
    },
    /** Changes the config of a level's condition. */
    async change(level: number, changes: Readonly<Record<string, string>>): Promise<void> {
      for (const { providerId, authenticationConfig: id } of await executions()) {
        if (providerId !== LEVEL || id === undefined) continue;
        const one = await flows.getConfig({ realm, id });
        if (one.config?.['loa-condition-level'] !== String(level)) continue;
        const config = { ...one.config, ...changes };
        await flows.updateConfig({ ...one, realm, id, config });
        return;
      }
      throw new Error(`The flow has no level ${level}`);
    },
    /** A level that recovery codes prove, before the highest one. */
    async putBetween(loa: number): Promise<void> {
      const parent = (await subflow('forms')).displayName as string;
      const alias = 'between';
      await flows.addFlowToFlow({ realm, flow: parent, alias, type: 'basic-flow', provider: '', description: '' });
      const added = await subflow(alias);
      await flows.updateExecution({ realm, flow }, { ...added, requirement: 'CONDITIONAL' });
      const { id } = await flows.addExecutionToFlow({ realm, flow: alias, provider: LEVEL });
      await flows.addExecutionToFlow({ realm, flow: alias, provider: 'auth-recovery-authn-code-form' });
      for (const execution of await flows.getExecutions({ realm, flow: alias })) {
        await flows.updateExecution({ realm, flow: alias }, { ...execution, requirement: 'REQUIRED' });
      }
      const config = { 'loa-condition-level': String(loa), 'loa-max-age': '300' };
      await flows.createConfig({ realm, id, alias, config });
      await flows.raisePriorityExecution({ realm, id: added.id as string });
    },
  };
}
