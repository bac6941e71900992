// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/s3_client.h"

#include "gateway/api/network_proxy.h"
#include "gateway/providers/aws_sigv4.h"

#include <QNetworkReply>
#include <QNetworkRequest>
#include <QUrl>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::api {

namespace {

constexpr int limitMs = 60'000;        // without a byte in either direction
constexpr qint64 answerBytes = 16 * 1024;
constexpr std::size_t longestCode = 64;

/// "/a%20b/c"
std::string encodedPath(std::string_view key)
{
    std::string path;
    for (std::size_t from = 0; from <= key.size();) {
        const std::size_t end = std::min(key.find('/', from), key.size());
        path += '/' + providers::encodeSegment(key.substr(from, end - from));
        from = end + 1;
    }
    return path;
}

/// The word for what went wrong. The rest of such an answer is left alone: it may have what was signed, and with what key.
std::string errorCode(std::string_view answer)
{
    constexpr std::string_view open = "<Code>", close = "</Code>";
    const std::size_t from = answer.find(open);
    const std::size_t to = from == std::string_view::npos ? from : answer.find(close, from);
    if (to == std::string_view::npos)
        return {};
    const std::string_view code = answer.substr(from + open.size(), to - from - open.size());
    const bool isWord = !code.empty() && code.size() <= longestCode && std::ranges::all_of(code, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
    return isWord ? std::string(code) : std::string();
}

Result<> outcomeOf(QNetworkReply &reply)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status >= 200 && status < 300)
        return {};
    if (status == 0)
        return fail(ErrorCode::Connect, reply.error() == QNetworkReply::OperationCanceledError ? std::string("it did not answer in time") : reply.errorString().toStdString());
    const QByteArray answer = reply.read(answerBytes);
    const std::string code = errorCode({answer.constData(), static_cast<std::size_t>(answer.size())});
    const char *advice = status == 301 || status == 307 ? "; the bucket is in another region" : "";
    return fail(ErrorCode::ServerError, fmt::format("it answered {}{}{}", status, code.empty() ? std::string() : fmt::format(" ({})", code), advice));
}

} // namespace

S3Address s3Address(const config::S3Place &place, std::string_view key)
{
    std::string origin = place.endpoint;
    while (origin.ends_with('/'))
        origin.pop_back();
    const bool amazon = origin.empty();
    const bool inHost = amazon && place.bucket.find('.') == std::string::npos;
    if (amazon)
        origin = fmt::format("https://{}s3.{}.amazonaws.com{}", inHost ? place.bucket + "." : std::string(), place.region, place.region.starts_with("cn-") ? ".cn" : "");
    const std::size_t authority = origin.find("://") + 3;
    const std::size_t below = std::min(origin.find('/', authority), origin.size()); // an endpoint may have a path of its own
    std::string host = origin.substr(authority, below - authority);
    for (const auto &[scheme, port] : {std::pair("http://", ":80"), std::pair("https://", ":443")}) {
        if (origin.starts_with(scheme) && host.ends_with(port))
            host.resize(host.size() - std::string_view(port).size()); // as it is sent
    }
    std::string path = origin.substr(below) + (inHost ? std::string() : '/' + place.bucket) + encodedPath(key);
    origin.resize(below);
    return {.origin = std::move(origin), .host = std::move(host), .path = std::move(path)};
}

S3Client::S3Client(const Clock &clock, QObject *parent) : QObject(parent), m_clock(clock), m_network(this) {}

void S3Client::configure(const config::S3Place &place, const std::string &proxy)
{
    m_place = place;
    m_network.setProxy(networkProxy(proxy));
}

void S3Client::put(const std::string &key, std::string bytes, std::function<void(Result<>)> done)
{
    const S3Address address = s3Address(m_place, key);
    const std::array headers {HeaderView {.name = "host", .value = address.host}, HeaderView {.name = "content-type", .value = "application/zstd"}};
    const auto signature = providers::signSigV4({.method = "PUT", .path = address.path, .headers = headers, .body = bytes},
                                                {.accessKeyId = m_place.accessKeyId.value, .secretAccessKey = m_place.secretAccessKey.value, .sessionToken = m_place.sessionToken.value},
                                                {.region = m_place.region, .service = "s3"}, m_clock.wallNow(), {.normalisePath = false, .pathAsSent = true, .contentHash = true});
    QNetworkRequest request(QUrl::fromEncoded(QByteArray::fromStdString(address.origin + address.path), QUrl::StrictMode));
    for (const HeaderView &header : headers)
        request.setRawHeader(QByteArray(header.name.data(), static_cast<qsizetype>(header.name.size())), QByteArray(header.value.data(), static_cast<qsizetype>(header.value.size())));
    for (const auto &[name, value] : signature)
        request.setRawHeader(QByteArray::fromStdString(name), QByteArray::fromStdString(value));
    request.setHeader(QNetworkRequest::UserAgentHeader, QByteArrayLiteral("Signalbox/" SIGNALBOX_VERSION));
    request.setTransferTimeout(limitMs);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy); // what is signed is for this address alone
    QNetworkReply *reply = m_network.put(request, QByteArray::fromStdString(bytes));
    reply->setReadBufferSize(answerBytes);
    connect(reply, &QNetworkReply::finished, this, [reply, done = std::move(done)] {
        reply->deleteLater();
        done(outcomeOf(*reply));
    });
}

} // namespace gateway::api
