// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_client.h"

#include <algorithm>
#include <arpa/inet.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

namespace support {

namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

bool sameName(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

/// Takes the head off; the offset of the body, or npos where the head has not all come.
std::size_t parseHead(std::string_view in, Answer &answer)
{
    const auto end = in.find("\r\n\r\n");
    if (end == std::string_view::npos)
        return end;
    answer.headers.clear();
    answer.status = in.size() > 12 ? std::stoi(std::string(in.substr(9, 3))) : 0;
    std::size_t at = in.find("\r\n") + 2;
    while (at < end) {
        const std::string_view line = in.substr(at, in.find("\r\n", at) - at);
        const auto colon = line.find(':');
        std::string_view value = line.substr(colon + 1);
        while (value.starts_with(' '))
            value.remove_prefix(1);
        answer.headers.emplace_back(line.substr(0, colon), value);
        at += line.size() + 2;
    }
    return end + 4;
}

/// Takes chunks off; the bytes used. `answer.whole`: the last one came.
std::size_t parseChunks(std::string_view in, Answer &answer)
{
    std::size_t at = 0;
    answer.body.clear();
    for (;;) {
        const auto line = in.find("\r\n", at);
        if (line == std::string_view::npos)
            return at;
        const std::size_t size = std::stoul(std::string(in.substr(at, line - at)), nullptr, 16);
        const std::size_t begin = line + 2;
        if (size == 0) {
            answer.whole = in.size() >= begin + 2;
            return answer.whole ? begin + 2 : at;
        }
        if (in.size() < begin + size + 2)
            return at;
        answer.body.append(in.substr(begin, size));
        at = begin + size + 2;
    }
}

/// What the body's length alone says of the whole; 0: it says nothing.
std::size_t sizeOf(const Answer &answer)
{
    const auto length = answer.header("content-length");
    return length ? std::stoul(*length) : 0;
}

/// The answer at the start of `in`, as far as it has come; the bytes it takes.
std::size_t parseAnswer(std::string_view in, Answer &answer)
{
    const std::size_t body = parseHead(in, answer);
    if (body == std::string_view::npos)
        return 0;
    const auto coding = answer.header("transfer-encoding");
    if (coding && sameName(*coding, "chunked"))
        return body + parseChunks(in.substr(body), answer);
    const std::size_t size = sizeOf(answer);
    answer.body = in.substr(body, size);
    answer.whole = answer.body.size() == size;
    return body + answer.body.size();
}

std::string contentOf(const Json &choice)
{
    for (const char *holder : {"message", "delta"}) {
        if (choice.contains(holder) && choice[holder].contains("content") && choice[holder]["content"].is_string())
            return choice[holder]["content"];
    }
    return choice.contains("text") && choice["text"].is_string() ? choice["text"].get<std::string>() : std::string();
}

/// Text of Anthropic's: a message's blocks, or one delta.
std::string anthropicContentOf(const Json &json)
{
    if (json.contains("delta") && json["delta"].is_object())
        return json["delta"].value("text", std::string());
    std::string text;
    if (json.value("type", std::string()) == "message" && json["content"].is_array()) {
        for (const Json &block : json["content"])
            text += block.value("text", std::string());
    }
    return text;
}

std::string contentOf(const std::string &text)
{
    const Json json = Json::parse(text, nullptr, false);
    if (json.is_object() && json.contains("type") && !json.contains("choices"))
        return anthropicContentOf(json);
    if (!json.is_object() || !json.contains("choices") || !json["choices"].is_array() || json["choices"].empty())
        return {};
    return contentOf(json["choices"][0]);
}

bool isEnd(const std::string &event)
{
    const Json json = Json::parse(event, nullptr, false);
    return event == "[DONE]" || (json.is_object() && json.value("type", std::string()) == "message_stop");
}

} // namespace

std::optional<std::string> Answer::header(std::string_view name) const
{
    const auto found = std::ranges::find_if(headers, [&](const auto &header) { return sameName(header.first, name); });
    return found == headers.end() ? std::nullopt : std::optional(found->second);
}

bool Answer::isStream() const
{
    return header("content-type").value_or("").starts_with("text/event-stream");
}

std::vector<std::string> Answer::events() const
{
    std::vector<std::string> all;
    std::string data;
    bool any = false;
    std::string_view rest = body;
    while (!rest.empty()) {
        const auto end = rest.find_first_of("\r\n");
        const std::string_view line = rest.substr(0, end);
        if (line.starts_with("data:")) {
            data += (any ? "\n" : "") + std::string(line.substr(line.starts_with("data: ") ? 6 : 5));
            any = true;
        } else if (line.empty() && any) {
            all.push_back(std::exchange(data, {}));
            any = false;
        }
        if (end == std::string_view::npos)
            break;
        rest.remove_prefix(rest.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
    }
    return all;
}

std::string Answer::text() const
{
    if (!isStream())
        return contentOf(body);
    std::string all;
    for (const std::string &event : events())
        all += contentOf(event);
    return all;
}

bool Answer::endedWhole() const
{
    if (!whole || status != 200)
        return false;
    if (!isStream())
        return true;
    const auto all = events();
    return !all.empty() && isEnd(all.back());
}

bool Answer::isOpenEnded() const
{
    return !whole && std::ranges::none_of(events(), isEnd);
}

std::string Answer::error(std::string_view field) const
{
    const auto all = events();
    const Json json = Json::parse(isStream() ? (all.empty() ? std::string() : all.back()) : body, nullptr, false);
    if (!json.is_object() || !json.contains("error") || !json["error"].is_object())
        return {};
    const Json &value = json["error"].value(std::string(field), Json());
    return value.is_string() ? value.get<std::string>() : value.is_null() ? std::string() : value.dump();
}

double Answer::usage(std::string_view field) const
{
    double found = -1;
    const auto look = [&](const std::string &text) {
        const Json json = Json::parse(text, nullptr, false);
        if (json.is_object() && json.contains("usage") && json["usage"].is_object())
            found = json["usage"].value(std::string(field), found);
    };
    if (!isStream())
        look(body);
    for (const std::string &event : events())
        look(event);
    return found;
}

TestClient::TestClient(std::uint16_t port, int receiveBuffer)
    : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    if (receiveBuffer > 0)
        setsockopt(m_socket, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof receiveBuffer);
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    m_ended = ::connect(m_socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0;
}

TestClient::TestClient(TestClient &&other) noexcept
    : m_socket(std::exchange(other.m_socket, -1))
    , m_ended(other.m_ended)
    , m_in(std::move(other.m_in))
{
}

TestClient::~TestClient()
{
    close();
}

void TestClient::hurry()
{
    const int plenty = 1024 * 1024;
    setsockopt(m_socket, SOL_SOCKET, SO_RCVBUF, &plenty, sizeof plenty);
}

void TestClient::close()
{
    if (m_socket >= 0)
        ::close(std::exchange(m_socket, -1));
    m_ended = true;
}

bool TestClient::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool TestClient::readMore(Clock::time_point until)
{
    if (m_ended)
        return false;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd waiting {.fd = m_socket, .events = POLLIN, .revents = 0};
    if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) <= 0)
        return false;
    char buffer[16384];
    const auto got = ::recv(m_socket, buffer, sizeof buffer, 0);
    if (got <= 0) {
        m_ended = true;
        return false;
    }
    m_in.append(buffer, static_cast<std::size_t>(got));
    return true;
}

Answer TestClient::answer(std::chrono::milliseconds limit)
{
    const auto until = Clock::now() + limit;
    for (;;) {
        Answer answer;
        const std::size_t used = parseAnswer(m_in, answer);
        bool more = !answer.whole && readMore(until);
        // Large ones are not parsed again for every read: only where the last of it may have come.
        const bool chunked = !answer.header("content-length");
        while (more && m_in.size() > 256 * 1024 && (chunked ? !m_in.ends_with("0\r\n\r\n") : m_in.size() < sizeOf(answer)))
            more = readMore(until);
        if (answer.whole || !more) {
            const std::size_t now = answer.whole ? used : parseAnswer(m_in, answer);
            m_in.erase(0, now);
            return answer;
        }
    }
}

bool TestClient::readUntil(std::string_view text, std::chrono::milliseconds limit)
{
    const auto until = Clock::now() + limit;
    while (m_in.find(text) == std::string::npos) {
        if (!readMore(until))
            return false;
    }
    return true;
}

} // namespace support
