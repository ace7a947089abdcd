/** What pages of the repository say of the code, as far as a test can know it. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { makeProgram } from '../../src/cli/program.ts';

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);

describe('CONTRIBUTING’s table of dependencies', () => {
  it('has a row for each that package.json has, and no other', () => {
    const page = readFileSync(at('CONTRIBUTING.md'), 'utf8');
    const [, section] = page.split('## Dependencies at run time');
    const rows = Array.from(section.matchAll(/^\| ([@\w/, -]+?) \|/gm), ([, names]) => names.split(', '))
      .flat()
      .filter((name) => name !== 'package' && name !== '---');
    expect(rows.sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });
});

describe('SECURITY', () => {
  const page = readFileSync(at('SECURITY.md'), 'utf8');

  it('names files that are there', () => {
    const files = Array.from(page.matchAll(/`([\w-]+\/[\w/-]+\.ts)`/g), ([, file]) => file);
    expect(files.length).toBeGreaterThan(15);
    expect(files.filter((file) => !existsSync(at(`src/${file}`)))).toEqual([]);
  });

  it('names every package that users get', () => {
    expect(Object.keys(manifest.dependencies).filter((name) => !page.includes(name))).toEqual([]);
  });
});

describe('docs/scale', () => {
  const optionsOf = (name: string) =>
    makeProgram()
      .commands.find((command) => command.name() === name)
      ?.options.map(({ long }) => long);

  it.each(['README.md', 'slurm.sh', 'kubernetes.yaml', 'Makefile', 'Dockerfile'])(
    '%s gives study and features no option that they haven’t',
    (name) => {
      const lines = readFileSync(at(`docs/scale/${name}`), 'utf8').replace(/\\?\n\s+(?=--)/g, ' ');
      const commands = Array.from(
        lines.matchAll(/\b(study|features)(?:\}")? (--[^`]*)/g),
        ([, command, options]) => ({
          command,
          flags: options.split('\n')[0].match(/(?<!\S)--[a-z-]+/g) ?? [],
        }),
      );
      expect(commands.length).toBeGreaterThan(0);
      for (const { command, flags } of commands) {
        for (const flag of flags) expect(optionsOf(command)).toContain(flag);
      }
    },
  );

  it('has a Kubernetes Job with as many completions as parts', () => {
    const manifest = readFileSync(at('docs/scale/kubernetes.yaml'), 'utf8');
    const [, completions] = /completions: (\d+)/.exec(manifest) ?? [];
    expect(manifest).toMatch(new RegExp(`name: PARTS\\n +value: '${completions}'`));
  });
});
