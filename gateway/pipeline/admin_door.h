// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>

/// How a worker hands a request below /admin/v1, or one of a key for its own calls, to whoever answers it, on another thread.
namespace gateway::pipeline {

/// What of an HTTP request the admin API looks at: copies, since the answer is made on another thread.
struct AdminRequest
{
    std::string method;        ///< "POST"; GET for HEAD
    std::string path;          ///< "/admin/v1/routes/fast", not decoded
    std::string query {};      ///< behind '?'
    std::string authorization {};
    std::string ifMatch {};
    std::string peer {};       ///< address without port
    std::string keyId {};      ///< of the virtual key whose own calls are asked for (api.md, /v1/calls); empty: an admin token asks
    std::string body {};
};

struct AdminReply
{
    int status = 200;
    std::string_view contentType = "application/json"; ///< text that lives as long as the program
    std::string headers {};    ///< further lines, each "name: value\r\n"
    std::string body {};
};

/// Implemented by admin/. Outlives the workers.
class AdminDoor
{
public:
    virtual ~AdminDoor() = default;
    /// From any thread; returns at once. `done` comes exactly once, on any thread.
    virtual void ask(AdminRequest request, std::function<void(AdminReply)> done) = 0;
    /// Whether whoever answers is there: /readyz says so. From any thread.
    [[nodiscard]] virtual bool isOpen() const = 0;
};

} // namespace gateway::pipeline
