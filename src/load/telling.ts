/** So long after pods changed, a balancer knows them; and a shorter time says little of how evenly they were loaded. */
export const tellingMs = 5000;
