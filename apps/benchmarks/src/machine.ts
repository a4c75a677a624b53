import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { DoctorReport } from '@heed/backend/node';

/** What figures depend on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** Of each side. */
  readonly threads: number;
  readonly memoryBytes: number;
  readonly platform: string;
  readonly node: string;
  readonly tfjsNode: string;
  readonly tensorflow: string;
  readonly python?: string;
  readonly torch?: string;
  /** ISO 8601. */
  readonly date: string;
}

/** @throws if TensorFlow's own library does not run here */
export async function examineMachine(): Promise<Machine> {
  const { doctor } = await import('@heed/backend/node');
  const report: DoctorReport = await doctor();
  const { addon } = report;
  if (!addon.installed || !addon.loads) {
    throw new Error(
      'benchmarks run on TensorFlow’s own library, which does not load here: `heed doctor` tells why',
    );
  }
  return {
    cpu: report.cpu.model,
    cores: report.cpu.count,
    threads: availableParallelism(),
    memoryBytes: report.cpu.memoryBytes,
    platform: `${report.platform.name} ${report.platform.arch}`,
    node: report.node.version,
    tfjsNode: addon.package,
    tensorflow: addon.tensorflow,
    date: new Date().toISOString(),
  };
}

/** Whether the processor multiplies in bfloat16; without, doing so only costs. */
export function hasBf16(cpuinfo: string): boolean {
  return /\b(avx512_bf16|amx_bf16)\b/.test(cpuinfo);
}

export const readCpuinfo = (): Promise<string> => readFile('/proc/cpuinfo', 'utf8').catch(() => '');
