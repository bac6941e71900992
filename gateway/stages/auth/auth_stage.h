// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/key_digests.h"
#include "gateway/pipeline/http.h"
#include "gateway/pipeline/services.h"
#include "gateway/pipeline/stage.h"

#include <span>
#include <string_view>

namespace gateway::stages {

/// The key as any SDK sends it: Authorization: Bearer, x-api-key, api-key or x-goog-api-key, the first that is there and
/// not empty; empty: none (architecture.md, step 2).
std::string_view presentedKey(std::span<const HeaderView> headers);

/// The key of a WebSocket whose headers its program cannot set: browsers offer it as a subprotocol, as OpenAI's SDKs do; empty: none.
std::string_view subprotocolKey(std::span<const HeaderView> headers);

/// Tells who calls: secret -> keyed hash -> virtual key -> team. Refuses missing, unknown, expired and revoked keys
/// (401), networks that the key is not for, APIs and the log where it has no permission for them (403). An address that has
/// sent too many wrong ones is held off (429, state/key_attempts.h). Where gateway.require_key is off, a call without a known key runs
/// as team "default": SDKs cannot be made to send no key at all.
class AuthStage final : public pipeline::Stage
{
public:
    explicit AuthStage(pipeline::Services &services) : m_services(services), m_digests(services.keyHasher) {}
    pipeline::Verdict onRequest(pipeline::Exchange &x) override;

private:
    pipeline::Services &m_services;
    KeyDigests m_digests;
};

} // namespace gateway::stages
