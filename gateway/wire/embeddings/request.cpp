// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/embeddings/request.h"

#include "gateway/wire/request_cursor.h"
#include "gateway/wire/token_estimate.h"

#include <fmt/format.h>

namespace gateway::wire::embeddings {
namespace {

using Type = JsonCursor::Type;
constexpr std::size_t mostTexts = 2048; // OpenAI's limit

class Reader
{
public:
    Reader(std::string_view body, EmbeddingsRequest &request) : m_in(body), m_request(request) {}

    Result<void> read()
    {
        auto read = m_in.body([&](std::string_view key) { return member(key); });
        if (read && m_request.texts.empty() && !m_request.tokenIds)
            return gateway::fail(ErrorCode::BadRequest, "input is missing.", "input");
        return read;
    }

private:
    bool member(std::string_view key)
    {
        if (key == "input")
            return input();
        if (key == "model")
            return m_in.chars(key, m_request.model);
        if (key == "dimensions")
            return dimensions();
        if (key == "encoding_format")
            return encoding();
        if (key == "input_type")
            return m_in.chars(key, m_request.inputType);
        if (key == "user")
            return m_in.chars(key, m_request.user);
        Json value;
        if (!m_in.any(value))
            return false;
        if (!value.empty())
            m_request.unknown.emplace_back(key);
        return true;
    }

    bool input()
    {
        m_request.texts.clear();
        m_request.tokenIds = false;
        m_request.single = m_in.type() == Type::String;
        if (m_request.single)
            return m_in.chars("input", m_request.texts.emplace_back());
        Json list;
        if (m_in.type() != Type::Array && m_in.type() != Type::Null)
            return m_in.fail("input", "must be a text, an array of texts, or token ids");
        return m_in.any(list) && (list.empty() || elements(list));
    }

    /// Texts, or token ids, or arrays of those. Without the places' names, which would cost more than the walk.
    bool elements(Json list)
    {
        JsonCursor in(list.raw);
        bool mixed = false, tooMany = false;
        std::size_t arrays = 0;
        const bool read = in.elements([&] {
            const Type type = in.type();
            if (type == Type::String) {
                tooMany = m_request.texts.size() == mostTexts;
                return !tooMany && in.string(m_request.texts.emplace_back().raw);
            }
            mixed = type != Type::Number && type != Type::Array;
            m_request.tokenIds = true;
            tooMany = type == Type::Array && ++arrays > mostTexts;
            return !mixed && !tooMany && (type == Type::Array ? ids(in) : in.integer().has_value());
        });
        if (tooMany)
            return m_in.fail("input", fmt::format("may hold {} texts at most", mostTexts));
        if (!read || mixed || (m_request.tokenIds && !m_request.texts.empty()))
            return m_in.fail("input", "must hold texts alone, or token ids alone");
        if (m_request.texts.empty() && !m_request.tokenIds)
            return m_in.fail("input", "must not be empty");
        return true;
    }

    static bool ids(JsonCursor &in)
    {
        return in.elements([&] { return in.integer().has_value(); });
    }

    bool dimensions()
    {
        if (!m_in.integer("dimensions", m_request.dimensions))
            return false;
        return m_request.dimensions.value_or(1) > 0 || m_in.fail("dimensions", "must be at least 1");
    }

    bool encoding()
    {
        Chars word;
        if (!m_in.chars("encoding_format", word))
            return false;
        if (!word.empty() && word.raw != "float" && word.raw != "base64")
            return m_in.fail("encoding_format", "must be float or base64");
        m_request.encoding = word.raw == "base64" ? Encoding::Base64 : Encoding::Float;
        return true;
    }

    RequestCursor m_in;
    EmbeddingsRequest &m_request;
};

} // namespace

Result<EmbeddingsRequest> readEmbeddingsRequest(std::string_view body)
{
    EmbeddingsRequest request;
    auto read = Reader(body, request).read();
    if (!read)
        return std::unexpected(std::move(read.error()));
    return request;
}

std::int64_t estimateTokens(const EmbeddingsRequest &request)
{
    PromptSize size;
    for (const Chars text : request.texts)
        size.text.add(text.raw);
    return wire::estimateTokens(size);
}

} // namespace gateway::wire::embeddings
