import { sendText, startEndpoint } from '../observe/pod-scrape/endpoints.ts';
import { PrometheusApi, vector } from '../support/prometheus-api.ts';
import { eventually } from '../support/wait.ts';
import type { Operators } from './support/operator.ts';
import type { Place } from './support/place.ts';
import { ready } from './support/pod-state.ts';

const ownOperator = { labels: { operator: 'own' } };
const target = { type: 'AverageValue', averageValue: '10' };

/** Metrics without an adapter. */
export const requestCases = {
  'scales by what its pods show, per second, and holds while they show nothing': async (place: Place) => {
    let isDown = false;
    const endpoint = await startEndpoint((_, response) => {
      const hits = Math.floor((performance.now() / 1000) * 40);
      if (isDown) response.writeHead(503).end();
      else
        sendText(
          response,
          `# TYPE hits_total counter\nhits_total{code="200"} ${hits}\nhits_total{code="500"} 7\n`,
        );
    });
    try {
      const web = await place.run({ name: 'web', replicas: 2 }, () => ({ ...ready, podIP: '127.0.0.1' }));
      const metric = { name: 'hits_total', selector: { matchLabels: { code: '200' } } };
      const podScrape = { port: endpoint.port, path: '/metrics', metric, target };
      await place.autoscale(web, { maxReplicas: 4, metrics: [{ type: 'PodScrape', podScrape }] });
      await place.scalesTo(web, 4);
      await place.event('web', /^SuccessfulRescale .*; reason: scraped metric hits_total above target$/);
      isDown = true;
      await place.has('web', 'ScalingActive=False FailedGetPodScrapeMetric');
      const asked = endpoint.asked();
      await eventually('further scrapes', () => endpoint.asked() >= asked + 12);
      await place.scalesTo(web, 4);
      isDown = false;
      await place.has('web', 'ScalingActive=True ValidMetricFound');
    } finally {
      await endpoint.close();
    }
  },

  'scales by a Prometheus server, and holds over its outage and a restart': async (
    place: Place,
    operators: Operators,
  ) => {
    const server = await PrometheusApi.start(() => vector(40));
    try {
      const flags = {
        prometheus: `main=${server.url}`,
        selector: 'operator=own',
        namespace: place.namespace,
      };
      const first = await operators.start(flags);
      const web = await place.run({ name: 'web', replicas: 1 });
      const prometheus = { server: 'main', query: 'sum(rate(hits_total[1m]))', target };
      await place.autoscale(web, { metrics: [{ type: 'Prometheus', prometheus }] }, ownOperator);
      await place.scalesTo(web, 4);
      server.reply = () => (response) => response.writeHead(503).end();
      await first.stop('SIGKILL');
      await operators.start(flags);
      await place.has('web', 'ScalingActive=False FailedGetPrometheusMetric');
      const asked = server.questions.length;
      await eventually('further questions', () => server.questions.length >= asked + 6);
      await place.scalesTo(web, 4);
      server.reply = () => vector(65);
      await place.scalesTo(web, 7);
      server.reply = () => vector(15);
      await place.scalesTo(web, 2);
    } finally {
      await server.close();
    }
  },
};
