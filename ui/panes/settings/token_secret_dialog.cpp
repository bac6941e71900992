// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/token_secret_dialog.h"

#include "ui/bridge/snippets.h"
#include "ui/bridge/text.h"
#include "ui/widgets/code_view.h"
#include "ui/widgets/copy_button.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::settings {

TokenSecretDialog::TokenSecretDialog(const QString &title, const QString &summary, const QString &secret, const gateway::api::Gateway &gateway, QWidget *parent)
    : OnceDialog(u"settings.tokenSecret"_s, {.title = title, .summary = summary, .copy = tr("Copy token"), .stored = tr("I have stored the token")}, secret, parent)
{
    const gateway::api::ListenerState listener = gateway.listener();
    const QString origin = bridge::originOf(listener.up ? bridge::qt(listener.address) : bridge::qt(gateway.config()->gateway.listen), listener.tls);
    const QString request = u"curl %1/admin/v1/providers \\\n  -H \"Authorization: Bearer %2\""_s.arg(origin, secret);
    widgets::CodeView *code = makeCode(u".snippet"_s, tr("First request with the new token"));
    code->setCode(request);
    code->setFixedHeight(code->heightOf(3));
    auto *row = new QHBoxLayout;
    row->addWidget(new widgets::Label(widgets::Label::Kind::Secondary, tr("A first request")), 1);
    row->addWidget(new widgets::CopyButton(tr("Copy"), [request] { return request; }, nullptr, widgets::Button::Kind::Flat));
    body()->addLayout(row);
    body()->addWidget(code);
    addDone();
}

} // namespace ui::settings
