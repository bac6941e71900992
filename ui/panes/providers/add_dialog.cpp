// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/add_dialog.h"

#include "gateway/config/names.h"
#include "ui/bridge/text.h"
#include "ui/panes/providers/form_row.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QLineEdit>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace ui::providers {

using namespace gateway::config;
using namespace widgets;

AddDialog::AddDialog(const Kinds &kinds, const Config &config, QWidget *parent)
    : Dialog(Icon::Providers, Role::Accent, tr("Add provider"), parent), m_kinds(kinds), m_config(config), m_key(new QLineEdit), m_name(new QLineEdit), m_url(new QLineEdit),
      m_kind(new QComboBox), m_detected(new Label(Label::Kind::Note)), m_problem(new Label(Label::Kind::Secondary))
{
    setObjectName(u"providers.add"_s);
    setMinimumWidth(500);
    setSubtitle(tr("Paste a key: its beginning tells whose it is. Providers on your own machines need none."));
    m_key->setObjectName(u"providers.add.key"_s);
    m_kind->setObjectName(u"providers.add.kind"_s);
    m_name->setObjectName(u"providers.add.name"_s);
    m_url->setObjectName(u"providers.add.url"_s);
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setAccessibleName(tr("Key, hidden"));
    m_key->setPlaceholderText(tr("paste it here"));
    for (const auto &info : m_kinds)
        m_kind->addItem(bridge::qt(info.title), bridge::qt(info.kind));
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    addField(grid, 0, 0, tr("Key"), m_key);
    grid->addWidget(m_detected, 1, 1);
    addField(grid, 2, 0, tr("Kind"), m_kind);
    addField(grid, 3, 0, tr("Name"), m_name);
    addField(grid, 4, 0, tr("Base URL"), m_url);
    m_problem->setRole(Role::Err);
    m_problem->setWordWrap(true);
    body()->addLayout(grid);
    body()->addWidget(m_problem);
    auto *cancel = addButton(Button::Kind::Plain, tr("Cancel"));
    m_accept = addButton(Button::Kind::Primary, tr("Add and test"));
    m_accept->setObjectName(u"providers.add.accept"_s);
    m_accept->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_key, &QLineEdit::textChanged, this, &AddDialog::detect);
    connect(m_kind, &QComboBox::activated, this, [this] {
        m_kindChosen = true;
        showKind();
    });
    connect(m_name, &QLineEdit::textEdited, this, [this] { m_nameTyped = true; });
    for (QLineEdit *field : {m_name, m_url})
        connect(field, &QLineEdit::textChanged, this, &AddDialog::judge);
    connect(m_accept, &QPushButton::clicked, this, [this] {
        Provider provider;
        provider.name = bridge::utf8(m_name->text().trimmed());
        provider.kind = bridge::utf8(m_kind->currentData().toString());
        provider.baseUrl = bridge::utf8(m_url->text().trimmed());
        if (!m_key->text().trimmed().isEmpty()) {
            Credential main;
            main.name = "main";
            main.apiKey.value = bridge::utf8(m_key->text().trimmed());
            provider.credentials.push_back(std::move(main));
        }
        m_key->clear();
        Q_EMIT given(provider);
        accept();
    });
    detect();
    showKind();
    m_key->setFocus();
}

const gateway::api::ProviderKindInfo *AddDialog::kind() const { return kindInfo(m_kinds, bridge::utf8(m_kind->currentData().toString())); }

void AddDialog::detect()
{
    const auto *found = kindOfKey(m_kinds, m_key->text());
    if (found && !m_kindChosen) {
        m_kind->setCurrentIndex(m_kind->findData(bridge::qt(found->kind)));
        showKind();
    }
    QString words = tr("The kind is chosen below.");
    if (found)
        words = tr("Begins like a key of %1. If it is another's, choose the kind below.").arg(bridge::qt(found->title));
    else if (!m_key->text().isEmpty())
        words = tr("Its beginning tells no provider: choose the kind below.");
    m_detected->setText(words);
    judge();
}

void AddDialog::showKind()
{
    const auto *info = kind();
    if (!info)
        return;
    m_url->setPlaceholderText(info->defaultBaseUrl.empty() ? u"https://host.example/v1"_s : bridge::qt(info->defaultBaseUrl));
    if (!m_nameTyped)
        m_name->setText(bridge::qt(freeProviderName(m_config, info->kind)));
    judge();
}

void AddDialog::judge()
{
    const auto *info = kind();
    QString problem;
    const QString name = m_name->text().trimmed();
    const QUrl url(m_url->text().trimmed(), QUrl::StrictMode);
    const bool wantsUrl = info && info->defaultBaseUrl.empty() && m_url->text().trimmed().isEmpty();
    const bool wantsKey = info && info->needsKey && m_key->text().trimmed().isEmpty();
    if (const auto wrong = nameProblem(NameOf::Provider, bridge::utf8(name)))
        problem = bridge::qt(*wrong);
    else if (freeProviderName(m_config, bridge::utf8(name)) != bridge::utf8(name))
        problem = tr("There is a provider called %1 already. Give this one another name.").arg(name);
    else if (!m_url->text().trimmed().isEmpty() && (!url.isValid() || (url.scheme() != u"http" && url.scheme() != u"https") || url.host().isEmpty()))
        problem = tr("The base URL must begin with http:// or https:// and name a host.");
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_accept->setEnabled(problem.isEmpty() && !wantsUrl && !wantsKey);
    m_accept->setToolTip(wantsUrl ? tr("This kind needs a base URL") : wantsKey ? tr("This kind needs a key") : QString());
}

} // namespace ui::providers
