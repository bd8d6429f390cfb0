import { join } from 'node:path';
import {
  type GrpcObject,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceClientConstructor,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { createCertificate, toHandshakeCertificate } from './certificate';
import { type Diagnostic, toDiagnostic } from './diagnostics';
import { log } from './log';
import type { ProviderRequest } from './messages';

/** The value that Terraform sets to tell a plugin that it runs as one. */
const MAGIC_COOKIE = ['TF_PLUGIN_MAGIC_COOKIE', 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2'];

/** A call of the provider service: takes the request message, answers the response message. */
export type Handler = (request: ProviderRequest) => Promise<object> | object;

/**
 * Serves the provider to the Terraform that started this process (protocol 5 over gRPC with mutual TLS on a loopback
 * port) until Terraform shuts it down, goes away, or this process gets a SIGTERM.
 */
export async function serve(handlers: Record<string, Handler>, protoDirectory: string): Promise<void> {
  const [cookie = '', expected] = MAGIC_COOKIE;
  if (process.env[cookie] !== expected) {
    process.stderr.write('This is a Terraform provider: Terraform starts it; it is not meant to be run by hand.\n');
    process.exit(1);
  }
  const clientCertificate = process.env.PLUGIN_CLIENT_CERT;
  if (!clientCertificate) {
    process.stderr.write(
      'Terraform sent no client certificate (PLUGIN_CLIENT_CERT): Terraform 0.12 or newer is needed.\n',
    );
    process.exit(1);
  }

  const identity = createCertificate();
  let busy = 0;
  let ending = false;
  const endWhenIdle = () => {
    ending = true;
    if (busy === 0) process.exit(0);
  };
  // Terraform forwards Ctrl-C to the whole process group, yet wants the provider to finish what is under way.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', endWhenIdle);
  process.on('uncaughtException', (error) => log('error', `uncaught: ${error.message}`));
  process.on('unhandledRejection', (error) => log('error', `unhandled rejection: ${String(error)}`));

  const unary =
    (handler: Handler) => async (call: ServerUnaryCall<ProviderRequest, object>, respond: sendUnaryData<object>) => {
      busy += 1;
      let response: object;
      try {
        response = await handler(call.request);
      } catch (thrown) {
        const diagnostics: Diagnostic[] = [toDiagnostic(thrown)];
        response = { diagnostics };
      }
      respond(null, response);
      busy -= 1;
      if (ending && busy === 0) setImmediate(() => process.exit(0));
    };

  const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  const services = loadServices(protoDirectory);
  server.addService(
    services.provider,
    Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, unary(handler)])),
  );
  server.addService(services.controller, {
    Shutdown: (_call: unknown, respond: sendUnaryData<object>) => {
      respond(null, {});
      setImmediate(endWhenIdle);
    },
  });
  server.addService(services.stdio, {
    // Held open: its end is how the provider notices that Terraform is gone.
    StreamStdio: (call: ServerWritableStream<object, object>) => void call.on('cancelled', endWhenIdle),
  } as UntypedServiceImplementation);
  server.addService(services.broker, { StartStream: () => undefined });

  const { key, certificate } = await identity;
  const credentials = ServerCredentials.createSsl(
    Buffer.from(clientCertificate),
    [{ private_key: Buffer.from(key), cert_chain: Buffer.from(certificate) }],
    true,
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  process.stdout.write(`1|5|tcp|127.0.0.1:${port}|grpc|${toHandshakeCertificate(certificate)}\n`);
}

function loadServices(directory: string) {
  const files = ['tfplugin5.proto', 'plugin.proto'].map((name) => join(directory, name));
  const root = loadPackageDefinition(
    loadSync(files, { keepCase: true, longs: Number, enums: String, bytes: Buffer, defaults: true }),
  );
  const service = (scope: string, name: string) =>
    ((root[scope] as GrpcObject)[name] as ServiceClientConstructor).service;
  return {
    provider: service('tfplugin5', 'Provider'),
    controller: service('plugin', 'GRPCController'),
    stdio: service('plugin', 'GRPCStdio'),
    broker: service('plugin', 'GRPCBroker'),
  };
}
