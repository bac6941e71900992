// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/text.h"
#include "gateway/wire/openai_chat/answer_parts.h"
#include "gateway/wire/openai_chat/answer_writer.h"
#include "gateway/wire/openai_chat/finish_words.h"
#include "gateway/wire/usage.h"

#include <fmt/format.h>

#include <iterator>

namespace gateway::wire::openai_chat {
namespace {

/// A longer one comes without its words: a client that puts its pieces together has them.
constexpr std::size_t longestSealedThought = 1024 * 1024;

} // namespace

ChatStreamWriter::ChatStreamWriter(AnswerHead head, bool includeUsage, std::string &out)
    : m_head(std::move(head)), m_includeUsage(includeUsage), m_out(out)
{
}

void ChatStreamWriter::onEvent(const ChatEvent &event)
{
    std::visit([this](const auto &what) { write(what); }, event);
}

void ChatStreamWriter::write(const AnswerStart &start)
{
    const std::string id = start.id.empty() ? jsonQuoted(m_head.id) : fmt::format("\"{}\"", start.id.raw);
    m_prefix = fmt::format("data: {{\"id\":{},\"object\":\"chat.completion.chunk\",\"created\":{},\"model\":{},\"system_fingerprint\":null,\"choices\":[", id,
                           start.created ? start.created : m_head.created, jsonQuoted(m_head.model));
    openFirst(0); // tells the caller that an answer has begun, before the first word is there
}

void ChatStreamWriter::write(const TextDelta &delta)
{
    open(delta.choice);
    JsonWriter(m_out).member("content", delta.text);
    close();
}

void ChatStreamWriter::write(const RefusalDelta &delta)
{
    open(delta.choice);
    JsonWriter(m_out).member("refusal", delta.text);
    close();
}

void ChatStreamWriter::write(const ThinkingDelta &delta)
{
    open(delta.choice); // which makes room for the choice
    std::string &unsealed = m_unsealed[delta.choice];
    JsonWriter json(m_out);
    json.memberIf("reasoning_content", delta.text);
    if (unsealed.size() + delta.text.raw.size() <= longestSealedThought)
        unsealed += delta.text.raw;
    if (!delta.signature.empty() || !delta.redacted.empty()) {
        // Whole, with the seal: some SDKs keep the last piece alone of what they do not know, and seal and words must fit.
        ThinkingDelta whole = delta;
        whole.text = {unsealed};
        json.array("reasoning_details");
        writeReasoningDetail(json, whole);
        json.endArray();
        unsealed.clear();
    }
    close();
}

void ChatStreamWriter::write(const ToolCallStart &call)
{
    open(call.choice);
    JsonWriter json(m_out);
    json.array("tool_calls").object().member("index", std::int64_t {call.call}).member("id", call.id).textMember("type", "function");
    json.object("function").member("name", call.name).textMember("arguments", "").endObject();
    writeSignature(json, call.signature);
    json.endObject().endArray();
    close();
    if (call.choice >= m_argumentsOf.size())
        m_argumentsOf.resize(call.choice + 1);
}

void ChatStreamWriter::write(const ToolCallDelta &delta)
{
    open(delta.choice);
    JsonWriter json(m_out);
    json.array("tool_calls").object().member("index", std::int64_t {delta.call});
    json.object("function").member("arguments", delta.arguments).endObject().endObject().endArray();
    close();
    if (delta.call < 64)
        m_argumentsOf[delta.choice] |= std::uint64_t {1} << delta.call;
}

/// A call without any argument has the empty object: SDKs parse what they get (wire.md 4.4).
void ChatStreamWriter::write(const ToolCallEnd &end)
{
    if (end.call < 64 && !(m_argumentsOf[end.choice] >> end.call & 1))
        write(ToolCallDelta {.choice = end.choice, .call = end.call, .arguments = {"{}"}});
}

void ChatStreamWriter::write(const CitationFound &citation)
{
    if (citation.url.empty())
        return;
    open(citation.choice);
    JsonWriter json(m_out);
    json.array("annotations");
    writeAnnotation(json, citation);
    json.endArray();
    close();
}

void ChatStreamWriter::write(const UsageFound &usage)
{
    m_usage = usage.usage;
}

void ChatStreamWriter::write(const Finish &finish)
{
    open(finish.choice);
    close(finishWord(finish.reason));
}

void ChatStreamWriter::write(const AnswerEnd &)
{
    if (m_includeUsage && m_usage) {
        const std::string counts = writeUsage(*m_usage);
        m_out.append(m_prefix).append("],\"usage\":").append(m_cost ? withCost(counts, *m_cost) : counts).append("}\n\n");
    }
    m_out.append("data: [DONE]\n\n");
}

void ChatStreamWriter::open(std::uint32_t choice)
{
    if (choice >= m_roleSent.size() || !m_roleSent[choice])
        openFirst(choice);
    m_out.append(m_prefix);
    fmt::format_to(std::back_inserter(m_out), "{{\"index\":{},\"delta\":{{", choice);
}

/// A choice's first chunk: its role and nothing else.
void ChatStreamWriter::openFirst(std::uint32_t choice)
{
    if (choice >= m_roleSent.size())
        m_roleSent.resize(choice + 1);
    m_roleSent[choice] = true;
    m_unsealed.resize(m_roleSent.size());
    m_out.append(m_prefix);
    fmt::format_to(std::back_inserter(m_out), "{{\"index\":{},\"delta\":{{\"role\":\"assistant\",\"content\":\"\"", choice);
    close();
}

void ChatStreamWriter::close(std::string_view finishReason)
{
    m_out.append("},\"logprobs\":null,\"finish_reason\":");
    if (finishReason.empty())
        m_out.append("null");
    else
        m_out.append(1, '"').append(finishReason).append(1, '"');
    m_out.append(m_includeUsage ? "}],\"usage\":null}\n\n" : "}]}\n\n");
}

} // namespace gateway::wire::openai_chat
