// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/proxy.h"

#include "gateway/net/http_lines.h"

#include <openssl/evp.h>

#include <string_view>

namespace gateway::net {

namespace {

std::string percentDecoded(std::string_view text)
{
    const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
            out.push_back(static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])));
            i += 2;
        } else {
            out.push_back(text[i]);
        }
    }
    return out;
}

std::string base64(std::string_view bytes)
{
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char *>(out.data()), reinterpret_cast<const unsigned char *>(bytes.data()), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

} // namespace

Result<ProxyAddress> parseProxy(const std::string &text)
{
    ProxyAddress proxy;
    proxy.tls = text.starts_with("https://");
    if (!proxy.tls && !text.starts_with("http://"))
        return fail(ErrorCode::Connect, "gateway.proxy must begin with http:// or https://.");
    std::string_view rest = std::string_view(text).substr(text.find("//") + 2);
    rest = rest.substr(0, rest.find('/'));
    if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
        proxy.authorization = "Basic " + base64(percentDecoded(rest.substr(0, at)));
        rest.remove_prefix(at + 1);
    }
    const std::size_t colon = rest.rfind(':');
    const bool hasPort = colon != std::string_view::npos && rest.find(']', colon) == std::string_view::npos;
    const auto port = hasPort ? parseLength(rest.substr(colon + 1)) : std::optional<std::uint64_t>(proxy.tls ? 443 : 80);
    std::string_view host = rest.substr(0, hasPort ? colon : rest.size());
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    if (host.empty() || !port || *port == 0 || *port > 65535)
        return fail(ErrorCode::Connect, "gateway.proxy is not of the form http://host:port or https://host:port.");
    proxy.host = host;
    proxy.port = static_cast<std::uint16_t>(*port);
    return proxy;
}

} // namespace gateway::net
