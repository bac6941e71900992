// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/privacy.h"
#include "gateway/privacy/context_words.h"
#include "gateway/privacy/detector.h"
#include "gateway/privacy/guards.h"
#include "gateway/privacy/pattern_set.h"
#include "gateway/privacy/word_automaton.h"

#include <array>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::privacy {

using config::PrivacyAction;

/// What of one kind becomes of what is found.
struct Rule
{
    std::string name;       ///< "email", an own rule's, or an external entity's: "PERSON"
    std::string label;      ///< in placeholders: "EMAIL"
    PrivacyAction action = PrivacyAction::Tokenize;
    double threshold = config::standardThreshold;
    std::vector<std::string> regions {};
    ContextWords::Mask contextBit = 0; ///< of its words in Policy::context(); 0: it has none
    std::set<std::string, std::less<>> allowed {}; ///< in lower case
    std::vector<std::string> allowedBeginnings {}, allowedEnds {};

    [[nodiscard]] bool allows(std::string_view value) const;
};

/// An external analyzer that has to be asked for each text, by who can do so.
struct ExternalDetector
{
    std::string name, url;
    std::vector<std::string> entities;
    config::OnFailure onFailure = config::OnFailure::Block;
    std::uint32_t firstRule = 0; ///< the rule of entities[0]; the others follow. Without entities: the rule of all.
};

/// A privacy policy with all that it extends, made ready to be run. Immutable and thread-safe; no I/O.
///
/// Which rule a built-in detector follows: the one that names it, else the one for `all`, of the policy itself; else those of
/// the policy that it extends. Own rules and guardrails of an extended policy apply where none of the same name does.
class Policy
{
public:
    /// @param name  one of the configuration's policies
    /// @return problems with fields from "privacy" on: a pattern that RE2 does not take, too many context words
    static std::expected<std::shared_ptr<const Policy>, config::Problems> compile(const std::vector<config::PrivacyPolicy> &policies, std::string_view name);

    [[nodiscard]] const std::string &name() const { return m_name; }
    [[nodiscard]] const std::vector<Rule> &rules() const { return m_rules; }
    /// Whether its rules are about answers too.
    [[nodiscard]] bool looksAtAnswers() const { return m_answers; }
    [[nodiscard]] const Guards &guards() const { return m_guards; }
    /// Whether anything is replaced by placeholders.
    [[nodiscard]] bool tokenizes() const { return m_tokenizes; }
    [[nodiscard]] const std::vector<ExternalDetector> &external() const { return m_external; }
    /// Whether a label is one of its placeholders', in capital letters.
    [[nodiscard]] bool hasLabel(std::string_view label) const { return m_labels.contains(label); }

    // For Scanner.
    static constexpr std::uint32_t noRule = 0xffffffff;
    [[nodiscard]] std::uint32_t ruleOf(std::size_t detector) const { return m_detectorRules[detector]; }
    [[nodiscard]] const std::vector<std::uint8_t> &wokenBy(Wake wake) const;
    [[nodiscard]] const std::vector<std::uint8_t> &wokenByNumber(std::size_t digits) const { return m_byDigits[digits]; }
    [[nodiscard]] const ContextWords &context() const { return m_context; }
    [[nodiscard]] const WordAutomaton &words() const { return m_words; }
    [[nodiscard]] std::uint32_t ruleOfWord(std::uint32_t word) const { return m_wordRules[word]; }
    [[nodiscard]] const PatternSet &patterns() const { return m_patterns; }
    [[nodiscard]] std::uint32_t ruleOfPattern(std::uint32_t pattern) const { return m_patternRules[pattern]; }

private:
    friend class PolicyBuilder;
    std::string m_name;
    bool m_answers = true;
    bool m_tokenizes = false;
    std::vector<Rule> m_rules;
    std::set<std::string, std::less<>> m_labels;
    std::vector<ExternalDetector> m_external;
    Guards m_guards;
    std::array<std::uint32_t, 64> m_detectorRules {};
    std::array<std::vector<std::uint8_t>, 5> m_woken;
    std::array<std::vector<std::uint8_t>, mostDigits + 1> m_byDigits;
    ContextWords m_context;
    WordAutomaton m_words;
    std::vector<std::uint32_t> m_wordRules;
    PatternSet m_patterns;
    std::vector<std::uint32_t> m_patternRules;
};

/// The names of the built-in detectors, for config::readPrivacy().
[[nodiscard]] std::vector<std::string_view> detectorNames();

/// The label of an own rule or entity: "TICKET" for "ticket", "MY_RULE" for "my-rule".
[[nodiscard]] std::string labelOf(std::string_view name);

} // namespace gateway::privacy
