import { captureHost } from '../guest/capture.ts';
import { defineScenario } from '../scenario.ts';

export const captureNoDm = defineScenario({
  name: 'capture-no-dm',
  about: 'a kernel without device-mapper: what the tools say then',
  withoutDeviceMapper: true,
  steps: async (lab) => {
    await captureHost(lab, {
      name: 'lab-no-dm',
      purpose: 'The tools are installed, and the kernel has no device-mapper, as in most containers.',
      surprises: ['`lvs` and `vgs` exit 0 with an empty list: that is no evidence of anything.'],
      also: ['lvm', 'docker'],
    });
  },
});
