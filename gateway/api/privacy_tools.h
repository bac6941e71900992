// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "gateway/config/privacy.h"
#include "gateway/core/finding_counts.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::api {

/// A privacy policy that is tried out: one of the configuration by name, or one as it is edited, which may extend those.
struct TriedPolicy
{
    std::string name {};                             ///< empty: the one called default
    std::optional<config::PrivacyPolicy> given {};   ///< in place of the one of its name, if there is one
    bool asAnswer = false;                           ///< guardrails take the text for an answer
};

/// Something that a rule is about.
struct PrivacySpan
{
    std::size_t from = 0, to = 0; ///< bytes of the text
    std::string text;
    std::string rule;             ///< "email"
    std::string label;            ///< "EMAIL"
    double score = 0;             ///< 0 to 1
    config::PrivacyAction action = config::PrivacyAction::Tokenize;
};

/// What a guardrail has against a text, or against requests of the past.
struct GuardrailFinding
{
    std::string guardrail;
    config::GuardrailKind kind {};
    config::GuardrailAction action {};
    std::uint64_t found = 0;
    std::uint64_t calls = 0;      ///< of a dry run: in which
    std::string why {};           ///< for people; of a dry run: empty
};

struct PrivacyTrial
{
    std::string policy;
    std::vector<PrivacySpan> spans;      ///< by place
    std::vector<GuardrailFinding> guardrails {}; ///< in their order
    std::string scrubbed;                ///< what would go on; the text itself where it is blocked
    std::string blockedBy;               ///< a rule's or guardrail's name; empty: the text goes on
    std::vector<std::string> notAsked;   ///< external detectors and webhooks: a trial sends nothing anywhere
};

/// What a policy would have done to requests of the past.
struct PrivacyDryRun
{
    static constexpr int mostCalls = 10'000;
    static constexpr std::size_t mostSamples = 5;

    struct OfRule
    {
        std::string rule;
        config::PrivacyAction action = config::PrivacyAction::Tokenize;
        std::uint64_t found = 0;         ///< times
        std::uint64_t calls = 0;         ///< in which
        std::vector<std::string> samples {}; ///< masked
    };
    std::string policy;
    std::uint64_t calls = 0;             ///< looked at
    std::uint64_t withoutBody = 0;       ///< whose requests the log does not have
    std::uint64_t blocked = 0;           ///< would have been refused
    std::uint64_t scrubbedBefore = 0;    ///< ran under a policy then: the log has what that left
    std::vector<OfRule> rules;           ///< that found something, most first
    std::vector<GuardrailFinding> guardrails {}; ///< those that look at requests and had something against some
    std::vector<std::string> notAsked;
};

/// Tries policies out, and tells what they found. Nothing is sent, and nothing changes. As the gateway itself: on its thread, answers come there.
/// Errors: NotFound for a policy that is not there; Invalid with the field for one that cannot be made.
class PrivacyTools
{
public:
    virtual ~PrivacyTools() = default;
    virtual void tryOut(TriedPolicy policy, std::string text, QObject *context, Answer<PrivacyTrial> done) = 0;
    /// Over the requests of the last calls of the log, 1 to PrivacyDryRun::mostCalls.
    virtual void dryRun(TriedPolicy policy, int calls, QObject *context, Answer<PrivacyDryRun> done) = 0;
    /// What questions to a guardrail's webhook are signed with: the key of the HMAC-SHA256, in hexadecimal digits. It is of this
    /// installation and that address alone. Answers at once.
    [[nodiscard]] virtual std::string webhookSecret(const std::string &url) const = 0;
    /// What all policies found in calls, by the call log.
    virtual void findings(FindingQuery query, QObject *context, Answer<FindingSummary> done) = 0;
};

} // namespace gateway::api
