// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/gemini/request_reader.h"

#include "gateway/wire/gemini/content_reader.h"
#include "gateway/wire/gemini/generation_reader.h"
#include "gateway/wire/gemini/names.h"
#include "gateway/wire/gemini/tool_reader.h"
#include "gateway/wire/request_cursor.h"

#include <array>
#include <utility>

namespace gateway::wire::gemini {
namespace {

class Reader
{
public:
    Reader(std::string_view body, ChatRequest &request) : m_in(body), m_request(request) {}

    Result<void> read()
    {
        return m_in.body([&](std::string_view key) { return member(key); });
    }

private:
    using Read = bool (*)(RequestCursor &, std::string_view, ChatRequest &);
    struct Member
    {
        std::string_view name;
        Read read;
    };
    static constexpr std::array<Member, 5> members {{{"contents", readContents}, {"systemInstruction", readSystemInstruction}, {"tools", readTools},
                                                     {"toolConfig", readToolConfig}, {"generationConfig", readGenerationConfig}}};

    bool member(std::string_view key)
    {
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (!named(key, members[i].name))
                continue;
            // Two of them, perhaps in two spellings: a provider would take the one and a check would have seen the other.
            if (std::exchange(m_seen[i], true))
                return m_in.fail(key, "is there twice");
            return members[i].read(m_in, key, m_request);
        }
        if (named(key, "generateContentRequest")) {
            if (std::exchange(m_wrapped, true))
                return m_in.fail(key, "is there twice");
            return m_in.members(key, [&](std::string_view inner) { return member(inner); });
        }
        if (key == "model") { // the URL's holds
            Chars model;
            return m_in.chars(key, model);
        }
        UnknownMember &unknown = m_request.unknown.emplace_back();
        unknown.name = m_request.keep(std::string(key));
        return m_in.any(unknown.value);
    }

    RequestCursor m_in;
    ChatRequest &m_request;
    std::array<bool, members.size()> m_seen {};
    bool m_wrapped = false;
};

} // namespace

Result<ChatRequest> readRequest(std::string_view body)
{
    ChatRequest request;
    auto read = Reader(body, request).read();
    if (!read)
        return std::unexpected(std::move(read.error()));
    return request;
}

} // namespace gateway::wire::gemini
