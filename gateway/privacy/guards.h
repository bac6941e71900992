// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/privacy.h"
#include "gateway/privacy/injection.h"
#include "gateway/privacy/pattern_set.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::privacy {

/// A guardrail made ready to be run.
struct Guard
{
    std::string name;
    config::GuardrailKind kind {};
    config::GuardrailAction action {};
    bool requests = false, answers = false;             ///< what it looks at
    std::int64_t limit = 0;                             ///< MaxBytes, MaxTokens
    std::uint32_t patterns = 0;                         ///< Forbid, Require: how many
    double threshold = config::standardThreshold;       ///< Injection
    std::shared_ptr<const InjectionPhrases> phrases {}; ///< Injection
    std::shared_ptr<const nlohmann::json> schema {};    ///< JsonSchema
    std::string schemaText {};                          ///< the same as it is told to a model
    bool repairs = false;                               ///< JsonSchema
    bool holdsStreams = false;
    std::string url {};                                 ///< Webhook
    config::Millis timeout {};                          ///< Webhook
    config::OnFailure onFailure {};                     ///< Webhook

    [[nodiscard]] bool blocks() const { return action == config::GuardrailAction::Block; }
};

/// The patterns of several guardrails, and whose they are.
struct GuardPatterns
{
    struct Owner
    {
        std::uint32_t guard = 0;  ///< of Guards::all()
        std::uint32_t number = 0; ///< among those of its guard, from 0
        bool looksAhead = false;  ///< whether it matches may depend on what comes next: it has $, \b or the like
    };
    PatternSet set {};
    std::vector<Owner> owners {};

    [[nodiscard]] bool empty() const { return owners.empty(); }
};

/// The guardrails of a policy with all that it extends. Immutable once sealed, and thread-safe; no I/O.
class Guards
{
public:
    /// One more; of a name that is there already it is left out, because it is of a policy that this one extends.
    /// @param field  "privacy.policies[0].guardrails[1]"
    void add(const config::Guardrail &guardrail, const std::string &field, config::Problems &problems);
    void seal();

    [[nodiscard]] const std::vector<Guard> &all() const { return m_all; }
    [[nodiscard]] bool empty() const { return m_all.empty(); }

    [[nodiscard]] const GuardPatterns &ofRequests() const { return m_ofRequests; } ///< Forbid and Require
    [[nodiscard]] const GuardPatterns &forbidden() const { return m_forbidden; }   ///< in answers, as they come
    [[nodiscard]] const GuardPatterns &required() const { return m_required; }     ///< in answers, at their end

    [[nodiscard]] bool looksAtRequests() const { return m_looksAtRequests; } ///< webhooks aside
    /// Whether answers have to be read to their end before they can be judged.
    [[nodiscard]] bool readsAnswers() const { return m_readsAnswers; }
    [[nodiscard]] bool looksAtAnswers() const { return m_readsAnswers || !m_forbidden.empty(); }
    [[nodiscard]] bool holdsStreams() const { return m_holdsStreams; }
    [[nodiscard]] bool blocks() const { return m_blocks; }
    [[nodiscard]] bool asks() const { return m_asks; } ///< there are webhooks

private:
    void addPatterns(const config::Guardrail &guardrail, const std::string &field, GuardPatterns &to, config::Problems &problems) const;

    std::vector<Guard> m_all;
    GuardPatterns m_ofRequests, m_forbidden, m_required;
    bool m_looksAtRequests = false, m_readsAnswers = false, m_holdsStreams = false, m_blocks = false, m_asks = false;
};

/// What a guardrail has against a call or an answer.
struct GuardFinding
{
    std::uint32_t guard = 0;  ///< of Guards::all()
    std::uint32_t times = 1;
    std::string why {};       ///< for people; never a text of the call
};

/// The first finding of a guardrail that blocks; nullptr: there is none.
[[nodiscard]] const GuardFinding *blocking(const Guards &guards, const std::vector<GuardFinding> &findings);

/// Why a guardrail of patterns has something against a text. @param number  of the pattern, from 0
[[nodiscard]] std::string forbiddenWords(std::uint32_t number);
[[nodiscard]] std::string requiredWords(std::uint32_t number);

class Policy;
/// What a caller is told whose call a guardrail stops.
/// @param what  "The request" or "The answer"
[[nodiscard]] Error stoppedBy(const Policy &policy, const GuardFinding &finding, std::string_view what);

} // namespace gateway::privacy
