// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/panes/once_dialog.h"

namespace ui::settings {

/// An admin token's new secret, once, with a first request to the admin API.
class TokenSecretDialog final : public panes::OnceDialog
{
    Q_OBJECT
public:
    TokenSecretDialog(const QString &title, const QString &summary, const QString &secret, const gateway::api::Gateway &gateway, QWidget *parent);
};

} // namespace ui::settings
