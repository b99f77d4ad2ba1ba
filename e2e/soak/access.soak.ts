import fc, { runs } from '../../__tests__/fast-check';
import { Authorizer } from '../../lib/access/authorizer';
import { ensurePart } from '../parts/build';
import { randomQuestions, rbacWithoutAggregation, requesters } from '../review/random-roles';
import { LineProgram } from './line-program';

let authorizer: LineProgram;
beforeAll(async () => {
  authorizer = new LineProgram(await ensurePart('soak'), ['authorizer']);
});
afterAll(() => authorizer?.close());

const questions = requesters.flatMap((who) => randomQuestions.map((request) => ({ who, request })));

test(`the authorizer of kube-apiserver gives the same ${questions.length} answers`, async () => {
  await fc.assert(
    fc.asyncProperty(rbacWithoutAggregation, async (objects) => {
      const real = await authorizer.ask({ objects, questions });
      const ours = new Authorizer(objects);
      const different = questions.filter(({ who, request }, i) => ours.can(who, request).allowed !== real[i]);
      expect(different).toEqual([]);
    }),
    { numRuns: runs(20) },
  );
});
