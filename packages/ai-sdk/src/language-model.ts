import { generating } from "./generate.ts";
import { makeStorable, remember } from "./held.ts";
import {
  type HostLanguageModel,
  type HostOptions,
  type HostResult,
  type HostStreamResult,
  type SupportedUrls,
} from "./host-types.ts";
import { type Route } from "./route.ts";
import { run } from "./run.ts";
import { streaming } from "./stream.ts";
import { commonUrls } from "./supported-urls.ts";

/** A language model whose calls live under a policy. Holds no state of a call: one may serve any number at once. */
export class HeldLanguageModel implements HostLanguageModel {
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
  readonly #route: Route<HostLanguageModel>;
  // Made once for all calls: all that a call knows, the policy hands them.
  readonly #generating: ReturnType<typeof generating>;
  readonly #streaming: ReturnType<typeof streaming>;
  #urls: SupportedUrls | Promise<SupportedUrls> | undefined;

  constructor(route: Route<HostLanguageModel>) {
    this.specificationVersion = route.base.specificationVersion;
    this.provider = route.base.provider;
    this.modelId = route.base.modelId;
    this.#route = route;
    this.#generating = generating(route);
    this.#streaming = streaming(route);
    remember(this, route);
  }

  get supportedUrls(): SupportedUrls | Promise<SupportedUrls> {
    this.#urls ??= commonUrls(this.#route.all());
    return this.#urls;
  }

  doGenerate(options: HostOptions): Promise<HostResult> {
    return run(this.#route, options, this.#generating);
  }

  doStream(options: HostOptions): Promise<HostStreamResult> {
    return run(this.#route, options, this.#streaming);
  }
}

makeStorable(HeldLanguageModel);
