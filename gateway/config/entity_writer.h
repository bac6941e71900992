// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/config/config_json.h"
#include "gateway/config/document.h"

/// The configuration's entries to Node trees, keys in config.md's order, defaults left out. Internal to config/.
namespace gateway::config {

struct WriteOptions
{
    Secrets secrets = Secrets::LeaveOut;
    bool stored = false;  ///< with ids and other state
    bool literal = stored; ///< texts as they are; else as a local file, where "${" is written "$${"
};

Node toNode(const GatewaySettings &settings, const WriteOptions &options);
Node toNode(const ModelSettings &model, const WriteOptions &options);
Node toNode(const Provider &provider, const WriteOptions &options);
Node toNode(const Route &route, const WriteOptions &options);
Node toNode(const Team &team, const WriteOptions &options);
Node toNode(const VirtualKey &key, const WriteOptions &options);
Node toNode(const Tag &tag, const WriteOptions &options);
Node toNode(const AdminToken &token, const WriteOptions &options);
Node toNode(const Organisation &organisation, const WriteOptions &options);
Node toNode(const Customers &customers, const WriteOptions &options);
Node toNode(const TelemetrySettings &telemetry, const WriteOptions &options);
Node toNode(const PrivacyPolicy &policy, const WriteOptions &options);
Node toNode(const Prompt &prompt, const WriteOptions &options);
Node toNode(const CacheSettings &cache, const WriteOptions &options);
Node toNode(const Alert &alert, const WriteOptions &options);
Node toNode(const Report &report, const WriteOptions &options);
Node toNode(const SmtpSettings &smtp, const WriteOptions &options);
Node toNode(const Config &config, const WriteOptions &options);

} // namespace gateway::config
