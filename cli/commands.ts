import type { Command } from 'commander';
import { checkCommand } from './check';
import { explainCommand } from './explain';
import { levelsCommand } from './levels';

/** The subcommands, one file each: a new one is added here and nowhere else. */
export const COMMANDS: readonly (() => Command)[] = [checkCommand, explainCommand, levelsCommand];
