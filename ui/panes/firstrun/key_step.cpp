// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/firstrun/key_step.h"

#include "ui/bridge/text.h"
#include "ui/panes/firstrun/first_setup.h"
#include "ui/widgets/copy_button.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/secret_field.h"

#include <QComboBox>
#include <QLineEdit>

using namespace Qt::StringLiterals;

namespace ui::firstrun {

using bridge::qt;
using bridge::utf8;
using widgets::Button;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

KeyStep::KeyStep(gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent)
    : StepCard(2, tr("Key for your programs"), parent), m_gateway(gateway), m_view(view), m_name(new QLineEdit), m_team(new QComboBox),
      m_create(new Button(Button::Kind::Primary, Icon::None, tr("Create key"))), m_made(new QWidget), m_secret(new widgets::SecretField), m_state(new widgets::StateLabel)
{
    setUpFields();
    connect(m_create, &QPushButton::clicked, this, &KeyStep::create);
    connect(m_name, &QLineEdit::returnPressed, this, &KeyStep::create);
    connect(m_name, &QLineEdit::textEdited, this, [this] { m_state->setState(Icon::Info, Role::Muted, tr("Programs show it to Signalbox; providers never see it.")); });
    connect(&m_gateway, &gateway::api::Gateway::configApplied, this, &KeyStep::showConfigured);
    forget();
}

void KeyStep::setUpFields()
{
    m_name->setObjectName(u"firstrun.key.name"_s);
    m_name->setAccessibleName(tr("Name of the key"));
    m_team->setObjectName(u"firstrun.key.team"_s);
    m_team->setAccessibleName(tr("Team"));
    m_team->setMinimumWidth(104);
    m_create->setObjectName(u"firstrun.key.create"_s);
    m_secret->setObjectName(u"firstrun.key.secret"_s);
    m_state->setObjectName(u"firstrun.key.state"_s);
    m_state->setWordWrap(true);
    auto *copy = new widgets::CopyButton(tr("Copy"), [this] { return m_secret->secret(); });
    copy->setObjectName(u"firstrun.key.copy"_s);

    auto *fields = new QHBoxLayout;
    fields->setSpacing(8);
    auto *name = new Label(Label::Kind::Field, tr("Name"));
    name->setBuddy(m_name);
    auto *team = new Label(Label::Kind::Field, tr("Team"));
    team->setBuddy(m_team);
    fields->addWidget(name);
    fields->addWidget(m_name, 1);
    fields->addSpacing(8);
    fields->addWidget(team);
    fields->addWidget(m_team);
    fields->addWidget(m_create);
    auto *made = new QHBoxLayout(m_made);
    made->setContentsMargins(0, 8, 0, 0);
    made->setSpacing(8);
    made->addWidget(m_secret, 1);
    made->addWidget(copy);
    body()->addLayout(fields);
    body()->addWidget(m_made);
    body()->addSpacing(6);
    body()->addWidget(m_state);
    body()->addStretch(1);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred); // as low as the card beside it
}

const QString &KeyStep::secret() const { return m_secret->secret(); }

void KeyStep::forget()
{
    const bool had = !m_secret->empty();
    m_secret->setSecret({});
    m_made->hide();
    m_name->setEnabled(true);
    m_team->setEnabled(true);
    m_create->setVisible(true);
    m_create->setEnabled(true);
    m_state->setState(Icon::Info, Role::Muted, tr("Programs show it to Signalbox; providers never see it."));
    m_name->clear();
    showConfigured();
    if (had)
        Q_EMIT secretChanged();
}

void KeyStep::showConfigured()
{
    if (!m_secret->empty())
        return;
    const auto config = m_gateway.config();
    const QString standard = tr("Default");
    const QString chosen = m_team->currentText();
    m_team->clear();
    m_team->addItem(standard); // made with the key where it is not there yet
    for (const auto &team : config->teams)
        if (qt(team.name) != standard)
            m_team->addItem(qt(team.name));
    m_team->setCurrentText(chosen.isEmpty() ? standard : chosen);
    if (m_name->text().isEmpty())
        m_name->setText(qt(freeKeyName(*config)));
    setNote(config->keys.empty() ? tr("one click") : tr("%1 there already").arg(config->keys.size()));
    setDone(false);
}

void KeyStep::create()
{
    if (!m_create->isEnabled() || !m_secret->empty())
        return;
    if (m_name->text().trimmed().isEmpty()) {
        m_state->setState(Icon::Error, Role::Err, tr("Give the key a name first."));
        return;
    }
    m_create->setEnabled(false);
    gateway::api::NewKey key;
    key.name = utf8(m_name->text().trimmed());
    key.team = utf8(m_team->currentText());
    m_gateway.createKey(key, this, [this](const gateway::Result<gateway::api::CreatedKey> &created) {
        m_create->setEnabled(true);
        if (!created) {
            m_state->setState(Icon::Error, Role::Err, qt(created.error().message));
            return;
        }
        m_secret->setSecret(qt(created->secret));
        m_made->show();
        m_name->setEnabled(false);
        m_team->setEnabled(false);
        m_create->hide();
        m_state->setState(Icon::Ok, Role::Ok, tr("Created %1. Shown on this page only.").arg(widgets::timeOfDay(m_view.now())));
        setNote({});
        setDone(true);
        Q_EMIT secretChanged();
    });
}

} // namespace ui::firstrun
