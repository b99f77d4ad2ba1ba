import { contents, output, removeTemporary, temporary } from '../../__tests__/output/folder';
import { drive, resultOf } from './driver';

afterEach(removeTemporary);

test('killed with SIGKILL again and again, a folder holds whole files, and the next run fixes it', () => {
  const whole = temporary();
  const { calls } = resultOf(drive({ outdir: whole, mark: 'new', killAt: 1e9 }));
  expect(calls).toBeGreaterThan(20);
  const dist = temporary();
  for (let point = 1; point <= calls; point++) {
    const run = drive({ outdir: dist, mark: `m${point}`, killAt: point });
    expect(run.signal ?? run.status).toBe(point === calls ? (run.signal ?? 0) : 'SIGKILL');
    for (const [path, text] of Object.entries(output(dist))) {
      if (path.startsWith('.kaniflux') || path.endsWith('/')) continue;
      const [mark, number] = path.split('/');
      expect(path === 'common' ? text.replace(/\d+$/, '') : text).toBe(
        path === 'common' ? 'm' : `${mark}${number}`.padEnd(10, '.'),
      );
    }
  }
  const repaired = drive({ outdir: dist, mark: 'new' });
  expect(repaired).toMatchObject({ status: 0, stderr: '' });
  expect(contents(dist)).toEqual(contents(whole));
  expect(resultOf(drive({ outdir: dist, mark: 'new' }))).toMatchObject({ recovered: false, unchanged: 6 });
});
