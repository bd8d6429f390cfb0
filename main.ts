import { App } from 'cdktf';
import { dev } from './stacks/dev';
import { prod } from './stacks/prod';
import { staging } from './stacks/staging';
import { StepUpStack } from './stacks/step-up-stack';

try {
  const app = new App();
  const stacks = [dev, staging, prod].map((environment) => new StepUpStack(app, environment));
  // All stacks are validated before the first is written, so that an error leaves nothing half-written.
  for (const stack of stacks) stack.runAllValidations();
  app.synth();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
