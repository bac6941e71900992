// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/embeddings/answer_readers.h"

#include "gateway/core/text.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/json_number.h"
#include "gateway/wire/neutral/take_count.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::wire::embeddings {
namespace {

using Type = JsonCursor::Type;
using Count = std::optional<std::int64_t>;

/// One body on its way: each provider's reader says what of its members means what.
class Reader
{
public:
    Reader(std::string_view body, std::size_t texts) : in(body), m_body(body), m_texts(texts) {}

    /// Walks the top; member(key) takes the value. An `error` there ends it.
    template <typename Member>
    Result<EmbeddingsAnswer> read(Member &&member)
    {
        bool error = false, message = false;
        const bool good = in.members([&](std::string_view key) {
            error |= key == "error" && in.type() != Type::Null;
            message |= key == "message" && in.type() == Type::String; // Cohere's and Bedrock's errors are that
            return key == "error" || key == "message" ? in.skip() : member(key);
        });
        if (good && (error || (message && m_answer.vectors.empty())))
            return EmbeddingsAnswer {.error = {m_body}};
        if (!good || !in.atEnd())
            return fail(ErrorCode::Malformed, fmt::format("the answer is no embeddings in this provider's form, or is cut off: see its byte {}", in.offset()));
        if (m_answer.vectors.size() != m_texts)
            return fail(ErrorCode::Malformed, fmt::format("the answer holds {} vectors for {} texts", m_answer.vectors.size(), m_texts));
        if (m_tokens)
            m_answer.usage = TokenUsage {.input = *m_tokens};
        return std::move(m_answer);
    }

    /// An array of numbers.
    bool vector()
    {
        return m_answer.vectors.size() < m_texts && takeVector(m_answer.vectors.emplace_back());
    }

    /// An array of those.
    bool vectors()
    {
        return in.elements([&] { return vector(); });
    }

    bool takeVector(Json &out)
    {
        if (in.type() != Type::Array)
            return false;
        const std::size_t from = in.offset();
        std::string_view number;
        if (!in.elements([&] { return in.type() == Type::Number && in.skip(number) && isJsonNumber(number); }))
            return false;
        out.raw = in.since(from);
        return true;
    }

    /// The value of one member of the object that comes next; what is no object is passed over.
    template <typename Take>
    bool inner(std::string_view name, Take &&take)
    {
        if (in.type() != Type::Object)
            return in.skip();
        return in.members([&](std::string_view key) { return key == name ? take() : in.skip(); });
    }

    bool tokens() { return takeCount(in, m_tokens); }

    /// Adds to what was counted so far.
    bool addTokens()
    {
        Count more;
        const bool read = takeCount(in, more);
        if (more)
            m_tokens = m_tokens.value_or(0) + *more;
        return read;
    }

    [[nodiscard]] EmbeddingsAnswer &answer() { return m_answer; }

    JsonCursor in;

private:
    std::string_view m_body;
    std::size_t m_texts;
    EmbeddingsAnswer m_answer;
    Count m_tokens;
};

/// {embedding: [...], embeddingsByType: {float: [...]}, inputTextTokenCount}: the vector stands in either or in both.
Result<EmbeddingsAnswer> readTitan(std::string_view body)
{
    Reader reader(body, 1);
    JsonCursor &in = reader.in;
    Json vector;
    return reader.read([&](std::string_view key) {
        if (key == "inputTextTokenCount")
            return reader.tokens();
        if (key != "embedding" && key != "embeddingsByType")
            return in.skip();
        const bool read = key == "embedding" ? reader.takeVector(vector) : reader.inner("float", [&] { return reader.takeVector(vector); });
        if (read && !vector.empty())
            reader.answer().vectors.assign(1, vector);
        return read;
    });
}

} // namespace

/// {embeddings: {float: [[...]]}, meta: {billed_units: {input_tokens}}}; older: embeddings: [[...]].
Result<EmbeddingsAnswer> readCohere(std::string_view body, std::size_t texts)
{
    Reader reader(body, texts);
    JsonCursor &in = reader.in;
    return reader.read([&](std::string_view key) {
        if (key == "embeddings")
            return in.type() == Type::Array ? reader.vectors() : reader.inner("float", [&] { return reader.vectors(); });
        if (key == "meta")
            return reader.inner("billed_units", [&] { return reader.inner("input_tokens", [&] { return reader.tokens(); }); });
        return in.skip();
    });
}

/// {embeddings: [{values: [...]}]}; of embedContent: {embedding: {values: [...]}}. Counts come from newer models alone.
Result<EmbeddingsAnswer> readGemini(std::string_view body, std::size_t texts)
{
    Reader reader(body, texts);
    JsonCursor &in = reader.in;
    const auto values = [&] { return reader.inner("values", [&] { return reader.vector(); }); };
    return reader.read([&](std::string_view key) {
        if (key == "embeddings")
            return in.elements(values);
        if (key == "embedding")
            return values();
        return key == "usageMetadata" ? reader.inner("promptTokenCount", [&] { return reader.tokens(); }) : in.skip();
    });
}

/// {predictions: [{embeddings: {values: [...], statistics: {token_count}}}]}
Result<EmbeddingsAnswer> readVertex(std::string_view body, std::size_t texts)
{
    Reader reader(body, texts);
    JsonCursor &in = reader.in;
    const auto prediction = [&] {
        if (in.type() != Type::Object)
            return in.skip();
        return in.members([&](std::string_view key) {
            if (key == "values")
                return reader.vector();
            return key == "statistics" ? reader.inner("token_count", [&] { return reader.addTokens(); }) : in.skip();
        });
    };
    return reader.read([&](std::string_view key) {
        return key == "predictions" ? in.elements([&] { return reader.inner("embeddings", prediction); }) : in.skip();
    });
}

/// {embeddings: [[...]], prompt_eval_count}; of the older /api/embeddings: {embedding: [...]}
Result<EmbeddingsAnswer> readOllama(std::string_view body, std::size_t texts)
{
    Reader reader(body, texts);
    JsonCursor &in = reader.in;
    return reader.read([&](std::string_view key) {
        if (key == "embeddings")
            return reader.vectors();
        if (key == "embedding")
            return reader.vector();
        return key == "prompt_eval_count" ? reader.tokens() : in.skip();
    });
}

/// {data: [{embedding: [...] or base64, index}], usage: {prompt_tokens}}, in the order of their indexes.
Result<EmbeddingsAnswer> readOpenAi(std::string_view body, std::size_t texts)
{
    Reader reader(body, texts);
    JsonCursor &in = reader.in;
    std::vector<Json> &vectors = reader.answer().vectors;
    std::size_t next = 0;
    const auto item = [&] {
        Json vector;
        std::size_t place = next++;
        const bool read = in.members([&](std::string_view key) {
            if (key == "embedding")
                return in.type() == Type::String ? in.skip(vector.raw) : reader.takeVector(vector);
            if (key != "index")
                return in.skip();
            const auto index = in.integer();
            place = index && *index >= 0 ? static_cast<std::size_t>(*index) : place;
            return index || in.skip();
        });
        if (!read || place >= texts || vector.empty())
            return false;
        vectors.resize(std::max(vectors.size(), place + 1));
        const bool first = vectors[place].empty();
        vectors[place] = vector;
        return first;
    };
    auto answer = reader.read([&](std::string_view key) {
        if (key == "data")
            return in.elements(item);
        return key == "usage" ? reader.inner("prompt_tokens", [&] { return reader.tokens(); }) : in.skip();
    });
    if (answer && answer->error.empty() && next != texts)
        return fail(ErrorCode::Malformed, fmt::format("the answer holds {} vectors for {} texts", next, texts));
    return answer;
}

Result<EmbeddingsAnswer> joinTitan(std::span<const std::string_view> bodies)
{
    EmbeddingsAnswer joined {.vectors = {}, .usage = TokenUsage {}};
    joined.vectors.reserve(bodies.size());
    for (const std::string_view body : bodies) {
        auto answer = readTitan(body);
        if (!answer || !answer->error.empty())
            return answer;
        joined.vectors.push_back(answer->vectors.front());
        if (joined.usage && answer->usage)
            joined.usage->input += answer->usage->input;
        else
            joined.usage.reset(); // a sum without one of them is none
    }
    return joined;
}

} // namespace gateway::wire::embeddings
