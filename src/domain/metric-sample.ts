/** One value of one series, as a node tells it. */
export type MetricSample = { name: string; labels: Record<string, string>; value: number }
