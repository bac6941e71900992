// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/wire/caller_errors.h"
#include "gateway/wire/neutral/answer_writer.h"
#include "gateway/wire/openai_responses/response_object.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::wire::openai_responses {

/// Writes events as a response's stream (wire.md 6.3): created and in_progress; each item from its added to its done, in
/// order; completed, incomplete or failed with the whole response. Parallel calls that a provider mixes are streamed as
/// they come, each at its output_index. An AnswerError is not written: the pipeline writes errorEvent(). Choices but the first are left out: the format has one. Holds the answer until its end, since the
/// last event repeats it.
class ResponsesStreamWriter final : public AnswerWriter, private OutputItems::Listener
{
public:
    /// @param out  where the bytes go, at its end; must outlive this
    ResponsesStreamWriter(AnswerHead head, std::string &out);
    ResponsesStreamWriter(const ResponsesStreamWriter &) = delete;
    ResponsesStreamWriter &operator=(const ResponsesStreamWriter &) = delete;

    void onEvent(const ChatEvent &event) override;
    void setCost(std::optional<Money> cost) override { m_cost = cost; } ///< shown as `usage.cost`
    [[nodiscard]] std::string errorEvent(const Error &error) const override { return wire::errorEvent(error, CallerFormat::Responses, m_sequence); }

private:
    void onItemAdded(std::size_t index) override;
    void onPartAdded(std::size_t index) override;
    void onText(std::size_t index, Chars delta) override;
    void onAnnotation(std::size_t index) override;
    void onPartDone(std::size_t index) override;
    void onArguments(std::size_t index, Chars delta) override;
    void onItemDone(std::size_t index) override;

    template <typename Write>
    void event(std::string_view type, Write &&write);
    template <typename Write>
    void itemEvent(std::string_view type, std::size_t index, Write &&write);
    template <typename Write>
    void partEvent(std::string_view type, std::size_t index, Write &&write);
    void responseEvent(std::string_view type, ResponseStatus status);

    AnswerHead m_head;
    std::string &m_out;
    OutputItems m_items;
    std::int64_t m_sequence = 0;
    std::optional<TokenUsage> m_usage;
    std::optional<Money> m_cost;
};

/// Collects events into one response (wire.md 6.2).
class ResponsesBodyWriter final : public BodyWriter
{
public:
    explicit ResponsesBodyWriter(AnswerHead head) : m_head(std::move(head)), m_items(stemOf(m_head.id), nullptr) {}

    void onEvent(const ChatEvent &event) override;
    [[nodiscard]] const std::optional<TokenUsage> &usage() const { return m_usage; }
    void setCost(std::optional<Money> cost) override { m_cost = cost; }
    [[nodiscard]] std::string body() override; ///< the response object

private:
    AnswerHead m_head;
    OutputItems m_items;
    std::optional<TokenUsage> m_usage;
    std::optional<Money> m_cost;
};

} // namespace gateway::wire::openai_responses
