import { arch, platform, version } from 'node:process';

/** The answers are those of this version of Kubernetes; the suffix says who gives them. */
export function versionInfo(): object {
  return {
    major: '1',
    minor: '36',
    gitVersion: 'v1.36.2+plimsoll-dev',
    gitCommit: '',
    gitTreeState: '',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: `node ${version}`,
    platform: `${platform}/${arch === 'x64' ? 'amd64' : arch}`,
  };
}
