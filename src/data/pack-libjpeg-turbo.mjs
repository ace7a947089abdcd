/**
 * Part of the build: packs the WebAssembly of the npm package `@cwasm/jpeg-turbo` into dist/data/libjpeg-turbo/, as text of a module.
 * So it is found wherever a module is: in Node, in browsers, behind every bundler, with nothing to fetch and no path to configure.
 *
 *   node src/data/pack-libjpeg-turbo.mjs     after tsc; does nothing where the files are newer than the package and this script
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../dist/data/libjpeg-turbo/', import.meta.url));
const SCRIPT = fileURLToPath(import.meta.url);
/** Of the binary whose memory layout src/data/photos/turbo-jpeg.ts knows, and whose pixels the tests do. */
const SHA256 = '80ed55eef2d0ff276f837ef521fad8181ccdfa6f298f652f6e45aed7fbbbc871';

const manifest = createRequire(import.meta.url).resolve('@cwasm/jpeg-turbo/package.json');
const age = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (age(join(FOLDER, 'LICENSE')) < Math.max(age(SCRIPT), age(manifest))) pack();

function pack() {
  const bytes = readFileSync(join(dirname(manifest), 'jpeg-turbo.wasm'));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== SHA256) throw new Error(`@cwasm/jpeg-turbo: expected the binary ${SHA256}, got ${sha256}`);
  const made = `${FOLDER.slice(0, -1)}.${process.pid}.partial`;
  try {
    mkdirSync(made, { recursive: true });
    const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
    writeFileSync(
      join(made, 'wasm.mjs'),
      `// libjpeg-turbo 2.0.4 as WebAssembly, from the npm package @cwasm/jpeg-turbo ${version}. See LICENSE beside it.\n` +
        `export const LIBJPEG_TURBO = '${bytes.toString('base64')}';\n`,
    );
    writeFileSync(join(made, 'LICENSE'), notice(version));
    rmSync(FOLDER, { recursive: true, force: true });
    renameSync(made, FOLDER);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

function notice(version) {
  return `wasm.mjs holds libjpeg-turbo 2.0.4 (https://libjpeg-turbo.org), compiled to WebAssembly by the npm package
@cwasm/jpeg-turbo ${version} (https://github.com/LinusU/cwasm-jpeg-turbo, MIT licence), as it is there.

This software is based in part on the work of the Independent JPEG Group.

The TurboJPEG API library is under the Modified (3-clause) BSD License:

Copyright (C)2009-2019 D. R. Commander.  All Rights Reserved.

Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions are met:

- Redistributions of source code must retain the above copyright notice,
  this list of conditions and the following disclaimer.
- Redistributions in binary form must reproduce the above copyright notice,
  this list of conditions and the following disclaimer in the documentation
  and/or other materials provided with the distribution.
- Neither the name of the libjpeg-turbo Project nor the names of its
  contributors may be used to endorse or promote products derived from this
  software without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS",
AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE
IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE
ARE DISCLAIMED.  IN NO EVENT SHALL THE COPYRIGHT HOLDERS OR CONTRIBUTORS BE
LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR
CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF
SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS
INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN
CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE)
ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE
POSSIBILITY OF SUCH DAMAGE.

The package @cwasm/jpeg-turbo is under the MIT License:

Copyright (c) Linus Unnebäck

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;
}
