// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <csignal>

namespace app {

/// SIGINT and SIGTERM while a command works: instead of ending the process they are remembered, so that what is half done can
/// be taken back. One at a time.
class Interrupts
{
public:
    Interrupts();
    ~Interrupts();
    Interrupts(const Interrupts &) = delete;
    Interrupts &operator=(const Interrupts &) = delete;
    [[nodiscard]] bool asked() const; ///< any thread

private:
    struct sigaction m_interrupt {}, m_terminate {}; ///< as it was before
};

} // namespace app
