// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/privacy/answer_scanner.h"
#include "gateway/privacy/body_texts.h"
#include "gateway/privacy/guards.h"
#include "gateway/privacy/restorer.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::privacy {

/// What becomes of one text of an answer that comes in pieces. Pieces are as the text is written where it stands
/// (Inside), each with whole escapes; so is what comes out. Not thread-safe.
class TextChange
{
public:
    virtual ~TextChange() = default;
    /// Appends what is certain by now. @return an error where the answer may not go on
    virtual Result<> feed(std::string_view raw, std::string &out) = 0;
    virtual Result<> finish(std::string &out) = 0;
    [[nodiscard]] virtual bool holds() const = 0; ///< something that finish() would give
};

/// What becomes of all texts of one answer.
class AnswerChanges
{
public:
    virtual ~AnswerChanges() = default;
    [[nodiscard]] virtual std::unique_ptr<TextChange> begin(Inside inside) = 0;
    /// A text that is there at once. @param again  it has been seen before, in pieces
    virtual Result<> whole(std::string_view raw, Inside inside, bool again, std::string &out) = 0;
    [[nodiscard]] virtual Take takes() const = 0;
    /// Whether what cannot be read must not go on.
    [[nodiscard]] virtual bool isStrict() const = 0;
};

/// Puts values back in the place of placeholders.
class RestoreChanges final : public AnswerChanges
{
public:
    /// @param answersJson  texts are JSON themselves: the caller asked for that
    explicit RestoreChanges(std::shared_ptr<const PlaceholderMap> map, bool answersJson = false) : m_map(std::move(map)), m_answersJson(answersJson) {}
    [[nodiscard]] std::unique_ptr<TextChange> begin(Inside inside) override;
    Result<> whole(std::string_view raw, Inside inside, bool again, std::string &out) override;
    [[nodiscard]] Take takes() const override { return Take::All; }
    [[nodiscard]] bool isStrict() const override { return false; }

private:
    [[nodiscard]] Inside insideOf(Inside inside) const { return m_answersJson && inside == Inside::Json ? Inside::JsonInString : inside; }

    std::shared_ptr<const PlaceholderMap> m_map;
    bool m_answersJson;
};

/// What was found in an answer so far.
struct AnswerCounts
{
    std::vector<std::uint32_t> rules;  ///< of Policy::rules()
    std::vector<std::uint32_t> guards; ///< of Guards::all(): what patterns found that are forbidden
};

/// Carries out a policy on answers: its rules, where they are about answers, and what its guardrails forbid.
class CheckChanges final : public AnswerChanges
{
public:
    /// @param hasher  outlives this
    CheckChanges(std::shared_ptr<const Policy> policy, const KeyHasher &hasher);
    [[nodiscard]] std::unique_ptr<TextChange> begin(Inside inside) override;
    Result<> whole(std::string_view raw, Inside inside, bool again, std::string &out) override;
    [[nodiscard]] Take takes() const override { return Take::Texts; }
    [[nodiscard]] bool isStrict() const override { return true; }

    [[nodiscard]] const AnswerCounts &counts() const { return m_counts; }
    [[nodiscard]] const std::shared_ptr<const Policy> &policy() const { return m_policy; }

private:
    std::shared_ptr<const Policy> m_policy;
    const KeyHasher &m_hasher;
    AnswerCounts m_counts;
};

/// What a caller is told whose text a rule blocks: the rule, and never what was found.
/// @param what  "The request" or "The answer"
[[nodiscard]] Error blockedBy(const Policy &policy, const Rule &rule, std::string_view what);

} // namespace gateway::privacy
