/**
 * dcmjs-dimse under one import: it is a CommonJS bundle, so Node shows its classes as the default export (its types name them one by one).
 * It logs to the console by itself, host names included; what went wrong reaches people as errors instead.
 */
import dimse from 'dcmjs-dimse';

dimse.log.setLevel('silent');

export { dimse };
