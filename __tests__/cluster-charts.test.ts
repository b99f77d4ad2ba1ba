import { ApiObject, type Chart } from 'cdk8s';
import { clusterCharts } from '../lib/cluster-charts';
import { entry } from '../lib/config/config';
import { configOf } from './config';

const charts = (): readonly Chart[] => {
  const config = configOf({
    grants: [
      { name: 'b', clusterRole: 'view', people: ['datosh'], clusters: '*' },
      { name: 'a', clusterRole: 'edit', groups: ['k8s_users'], clusters: '*' },
    ],
  });
  return clusterCharts(config, entry(config.clusters, 'homelab')).folders;
};

const access = (): Chart => {
  const chart = charts().find(({ node }) => node.id === 'access');
  if (!chart) throw new Error('no chart of access');
  return chart;
};

const child = (chart: Chart, name: string): ApiObject => {
  const object = chart.apiObjects.find((one) => one.name === name);
  if (!object) throw new Error(`no object ${name}`);
  return object;
};

const names = (chart: Chart): string[] => chart.toJson().map(({ metadata }) => metadata.name);

/** Returns what cdk8s itself renders for a chart, without the methods that our classes override. */
const ofCdk8s = (chart: Chart): unknown[] => Object.getPrototypeOf(Object.getPrototypeOf(chart)).toJson.call(chart);

test('objects that depend on nothing stand as cdk8s has them', () => {
  expect(charts().length).toBeGreaterThan(1);
  for (const chart of charts()) expect(chart.toJson()).toEqual(ofCdk8s(chart));
});

test('an object stands behind what it depends on', () => {
  const chart = access();
  const [first, last] = [names(chart)[0] ?? '', names(chart).at(-1) ?? ''];
  expect(first).not.toBe(last);
  child(chart, first).addDependency(child(chart, last));
  expect(names(chart).indexOf(first)).toBeGreaterThan(names(chart).indexOf(last));
});

test('validations of constructs are asked', () => {
  const chart = access();
  new ApiObject(chart, 'wrong', { apiVersion: 'v1', kind: 'Secret' }).node.addValidation({
    validate: () => ['not here'],
  });
  expect(() => chart.toJson()).toThrow('not here');
});
