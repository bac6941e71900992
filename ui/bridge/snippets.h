// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace ui::bridge {

/// A first call, ready to paste: filled in with the gateway's address, a key and a model. Pure.
struct Snippet
{
    QString origin; ///< "http://127.0.0.1:8787"
    QString secret; ///< the key, or a placeholder for it
    QString model;

    [[nodiscard]] QString curl() const;
    [[nodiscard]] QString python() const;
    [[nodiscard]] QString node() const;
    [[nodiscard]] QString environment() const;
};

/// Where programs on this machine reach a listener bound to `address` ("0.0.0.0:8787" -> "http://127.0.0.1:8787").
QString originOf(const QString &address, bool tls);

} // namespace ui::bridge
