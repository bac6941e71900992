// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/error.h"
#include "gateway/core/key_hash.h"

#include <span>
#include <string>
#include <string_view>

/// What a webhook is asked that judges calls, and what it answers (README, Guardrails). No I/O: who asks it keeps its time limit
/// and what becomes of a call without a verdict.
namespace gateway::privacy {

/// What is to be judged. Texts are scrubbed: nothing that the policy takes out is in them.
struct Judged
{
    std::string_view about {};     ///< "request" or "answer"
    std::string_view callId {}, policy {}, guardrail {}, endpoint {}, model {}, key {}, team {};
    std::span<const std::string> texts {};
};
/// The body of the question.
[[nodiscard]] std::string webhookRequest(const Judged &judged);

/// What questions to an address are signed with: of this installation and that address alone, so that nothing has to be kept.
/// @return 64 characters of hex, which are the key as they stand
[[nodiscard]] std::string webhookSecret(const KeyHasher &hasher, std::string_view url);
/// What that is the keyed hash of.
[[nodiscard]] std::string webhookSecretText(std::string_view url);

/// The value of `x-signalbox-signature`: "t=1700000000,v1=<hex>", the HMAC-SHA256 of "1700000000.<body>".
[[nodiscard]] std::string webhookSignature(std::string_view secret, WallTime at, std::string_view body);

struct WebhookVerdict
{
    bool allows = false;
    std::string reason {};         ///< in the service's words, made fit for a line; may be empty
};
/// Malformed: it is no object with a `verdict` of "allow" or "block".
[[nodiscard]] Result<WebhookVerdict> readWebhookAnswer(std::string_view answer);

} // namespace gateway::privacy
