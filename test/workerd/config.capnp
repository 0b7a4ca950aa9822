using Workerd = import "/workerd/workerd.capnp";

# A module's imports are looked up beside its own name, so the bundles lie at the root and are found through aliases.
const config :Workerd.Config = (
  services = [(name = "core", worker = (
    compatibilityDate = "2026-11-01",
    modules = [
      (name = "main", esModule = embed "core.js"),
      (name = "core-index", esModule = embed "../../packages/core/dist/index.mjs"),
      (name = "core-models", esModule = embed "../../packages/core/dist/models.mjs"),
      (name = "@holdfast/core", esModule = "export * from '../core-index';"),
      (name = "@holdfast/core/models", esModule = "export * from '../../core-models';"),
    ],
  ))],
);
