// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace gateway::pipeline {

/// A coroutine on one worker's io_context. The concrete executor keeps it as cheap as a callback (performance.md).
template <typename T = void>
using Task = boost::asio::awaitable<T, boost::asio::io_context::executor_type>;

} // namespace gateway::pipeline
