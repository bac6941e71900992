// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/tokens_line.h"

#include "gateway/core/admin_secret.h"
#include "ui/bridge/config_draft.h"
#include "ui/bridge/file_owner.h"
#include "ui/bridge/text.h"
#include "ui/panes/settings/token_form.h"
#include "ui/panes/settings/token_secret_dialog.h"
#include "ui/panes/settings/tokens_model.h"
#include "ui/widgets/button.h"
#include "ui/widgets/table_view.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QShortcut>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace ui::settings {

using bridge::qt;
using bridge::utf8;
using gateway::config::AdminRole;
using gateway::config::Origin;
using widgets::Button;
using widgets::Icon;

namespace {

constexpr int mostRows = 8, rowHeight = static_cast<int>(widgets::RowHeight::Card);

gateway::config::AdminToken *findToken(gateway::config::Config &config, const std::string &id)
{
    const auto found = std::ranges::find(config.adminTokens, id, &gateway::config::AdminToken::id);
    return found == config.adminTokens.end() ? nullptr : &*found;
}

} // namespace

TokensLine::TokensLine(gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent)
    : SettingLine(tr("Admin tokens"), tr("A program that uses the admin API shows one, as Authorization: Bearer, and may do what its role may."), u"access role owner admin analyst api secret security program"_s, parent),
      m_gateway(gateway), m_view(view), m_model(new TokensModel(this)), m_table(new widgets::TableView(widgets::RowHeight::Card)), m_file(tr("the --config file"))
{
    setObjectName(u"settings.tokens"_s);
    auto *create = new Button(Icon::Plus, tr("New token…"));
    create->setObjectName(u"settings.tokens.new"_s);
    connect(create, &QPushButton::clicked, this, &TokensLine::create);
    setField(create);
    auto *below = new QWidget;
    auto *column = new QVBoxLayout(below);
    column->setContentsMargins(0, 0, 0, 4);
    column->setSpacing(8);
    column->addWidget(makeTable());
    column->addWidget(makeButtons());
    setBelow(below);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum); // a table alone would take all the room there is
    connect(&m_gateway, &gateway::api::Gateway::configApplied, this, &TokensLine::refresh);
    refresh();
}

QWidget *TokensLine::makeTable()
{
    m_table->setObjectName(u"settings.tokens.table"_s);
    m_table->setAccessibleName(tr("Admin tokens"));
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setRowLines(true);
    m_table->setEdgePadding(8);
    m_table->setColumnWidths({140, 72, 0, 212});
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &TokensLine::showActions);
    connect(m_model, &QAbstractItemModel::modelReset, this, &TokensLine::showActions);
    connect(m_table, &QAbstractItemView::doubleClicked, this, &TokensLine::change);
    auto *removeKey = new QShortcut(Qt::Key_Delete, m_table);
    removeKey->setContext(Qt::WidgetShortcut);
    connect(removeKey, &QShortcut::activated, this, &TokensLine::remove);
    auto *changeKey = new QShortcut(Qt::Key_F2, m_table);
    changeKey->setContext(Qt::WidgetShortcut);
    connect(changeKey, &QShortcut::activated, this, &TokensLine::change);
    return m_table;
}

QWidget *TokensLine::makeButtons()
{
    m_change = new Button(tr("Change…"));
    m_rotate = new Button(tr("Rotate…"));
    m_remove = new Button(tr("Remove…"));
    m_change->setObjectName(u"settings.tokens.change"_s);
    m_rotate->setObjectName(u"settings.tokens.rotate"_s);
    m_remove->setObjectName(u"settings.tokens.remove"_s);
    connect(m_change, &QPushButton::clicked, this, &TokensLine::change);
    connect(m_rotate, &QPushButton::clicked, this, &TokensLine::rotate);
    connect(m_remove, &QPushButton::clicked, this, &TokensLine::remove);
    auto *bar = new QWidget;
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    for (Button *button : {m_change, m_rotate, m_remove})
        row->addWidget(button);
    row->addStretch();
    return bar;
}

void TokensLine::refresh()
{
    const auto config = m_gateway.config();
    showTokens();
    const int rows = std::min(m_model->rowCount(), mostRows);
    m_table->setFixedHeight(m_table->horizontalHeader()->height() + rows * rowHeight + 2);
    const bool owned = std::ranges::any_of(config->adminTokens, [](const AdminToken &token) { return token.origin == Origin::File; });
    if (owned)
        bridge::askFileOwner(m_gateway, this, [this](const QString &file) {
            m_file = file;
            showTokens();
        });
    showActions();
}

/// What is chosen stays so.
void TokensLine::showTokens()
{
    const int chosenRow = m_table->currentIndex().row();
    const AdminToken *before = m_model->token(chosenRow);
    const std::string id = before ? before->id : std::string();
    m_model->setTokens(m_gateway.config()->adminTokens, m_file);
    for (int row = 0; row < m_model->rowCount() && chosenRow >= 0; ++row) {
        const AdminToken *token = m_model->token(row);
        if (token ? token->id == id : chosenRow == 0)
            m_table->setCurrentIndex(m_model->index(row, 0));
    }
}

const gateway::config::AdminToken *TokensLine::chosen() const
{
    if (!m_table->selectionModel()->hasSelection())
        return nullptr;
    const AdminToken *token = m_model->token(m_table->currentIndex().row());
    return token && token->origin == Origin::Database ? token : nullptr;
}

void TokensLine::showActions()
{
    const bool any = m_table->selectionModel()->hasSelection();
    const AdminToken *locked = any && !chosen() ? m_model->token(m_table->currentIndex().row()) : nullptr;
    QString why;
    if (!any)
        why = tr("Choose a token first.");
    else if (locked)
        why = tr("This token is set in %1. Change it there.").arg(m_file);
    else if (!chosen())
        why = tr("This is the installation's own token. To give it a new secret, delete the file admin-token in the data folder and start Signalbox again.");
    for (Button *button : {m_change, m_rotate, m_remove}) {
        button->setEnabled(chosen() != nullptr);
        button->setToolTip(why);
        button->setAccessibleDescription(why);
    }
}

void TokensLine::apply(QObject *context, const QString &note, const std::function<void(Config &)> &change, std::function<void(const QString &)> done)
{
    Config next = *m_gateway.config();
    change(next);
    m_gateway.apply(std::move(next), m_gateway.revision().number, utf8(note), context, [done = std::move(done)](const gateway::api::ApplyOutcome &outcome) {
        if (outcome.applied)
            return done({});
        const auto problem = std::ranges::find(outcome.problems, false, &gateway::api::FieldError::warning);
        done(problem == outcome.problems.end() ? tr("The gateway did not take it.") : qt(problem->message));
    });
}

// --- making, changing

void TokensLine::create()
{
    auto *form = new TokenForm(nullptr, window());
    connect(form, &TokenForm::submitted, this, [this, form] { submitNew(form); });
    form->open();
}

void TokensLine::submitNew(TokenForm *form)
{
    AdminToken made {.name = form->name(), .role = form->role()};
    const std::string secret = gateway::newAdminSecret();
    made.secret.value = secret;
    form->setBusy(true);
    apply(form, tr("admin token %1 created").arg(qt(made.name)), [made](Config &config) { config.adminTokens.push_back(made); },
          [this, form, name = made.name, secret](const QString &problem) {
              form->setBusy(false);
              if (!problem.isEmpty()) {
                  form->showProblem(problem);
                  return;
              }
              form->accept();
              m_table->setCurrentIndex(m_model->index(m_model->rowOf(name), 0));
              showSecret(tr("Admin token \"%1\" created").arg(qt(name)), name, secret);
          });
}

void TokensLine::change()
{
    const AdminToken *token = chosen();
    if (!token)
        return;
    auto *form = new TokenForm(token, window());
    connect(form, &TokenForm::submitted, this, [this, form, before = *token] { submitChange(form, before); });
    form->open();
}

void TokensLine::submitChange(TokenForm *form, const AdminToken &before)
{
    const auto put = [before](const std::string &name, AdminRole role) {
        return [id = before.id, name, role](Config &config) {
            if (AdminToken *token = findToken(config, id)) {
                token->name = name;
                token->role = role;
            }
        };
    };
    form->setBusy(true);
    apply(form, tr("admin token %1 changed").arg(qt(before.name)), put(form->name(), form->role()), [this, form, before, put](const QString &problem) {
        form->setBusy(false);
        if (!problem.isEmpty()) {
            form->showProblem(problem);
            return;
        }
        form->accept();
        m_view.toast(tr("Admin token \"%1\" changed").arg(qt(before.name)), [this, before, put] {
            bridge::ConfigDraft::applyNow(m_gateway, m_view, tr("Admin token \"%1\" changed back").arg(qt(before.name)), put(before.name, before.role));
        });
    });
}

void TokensLine::rotate()
{
    const AdminToken *token = chosen();
    if (!token)
        return;
    auto *dialog = new widgets::ConfirmDialog(tr("Give admin token \"%1\" a new secret?").arg(qt(token->name)), tr("Programs that show the old one get 401 at once. This cannot be undone."), tr("New secret"), window());
    dialog->setObjectName(u"settings.rotateToken"_s);
    connect(dialog, &widgets::ConfirmDialog::confirmed, this, [this, rotated = *token] { giveSecret(rotated); });
    dialog->open();
}

void TokensLine::giveSecret(const AdminToken &token)
{
    const std::string secret = gateway::newAdminSecret();
    apply(this, tr("admin token %1 rotated").arg(qt(token.name)),
          [id = token.id, secret](Config &config) {
              if (AdminToken *rotated = findToken(config, id))
                  rotated->secret.value = secret;
          },
          [this, name = token.name, secret](const QString &problem) {
              if (problem.isEmpty())
                  showSecret(tr("Admin token \"%1\" has a new secret").arg(qt(name)), name, secret);
              else
                  m_view.toast(problem);
          });
}

void TokensLine::remove()
{
    const AdminToken *token = chosen();
    if (!token)
        return;
    auto *dialog = new widgets::ConfirmDialog(tr("Remove admin token \"%1\"?").arg(qt(token->name)), tr("Programs that show it get 401 at once."), tr("Remove token"), window());
    dialog->setObjectName(u"settings.removeToken"_s);
    dialog->addEffect(tr("Role"), tr("%1: %2").arg(roleName(token->role), roleWords(token->role)));
    const auto &tokens = m_gateway.config()->adminTokens;
    const auto owners = std::ranges::count_if(tokens, [](const AdminToken &each) { return each.role == AdminRole::Owner && !each.hash.empty(); });
    if (token->role == AdminRole::Owner && owners == 1)
        dialog->addEffect(tr("Owners left"), tr("the token in the file admin-token of the data folder, and this window"));
    connect(dialog, &widgets::ConfirmDialog::confirmed, this, [this, id = token->id, name = token->name] {
        bridge::ConfigDraft::applyNow(m_gateway, m_view, tr("Admin token \"%1\" removed").arg(qt(name)), [id](Config &config) { std::erase_if(config.adminTokens, [&](const AdminToken &each) { return each.id == id; }); });
    });
    dialog->open();
}

void TokensLine::showSecret(const QString &title, const std::string &name, const std::string &secret)
{
    const AdminToken *token = m_model->token(m_model->rowOf(name));
    const QString summary = token ? tr("%1: %2.").arg(roleName(token->role), roleWords(token->role)) : QString();
    auto *dialog = new TokenSecretDialog(title, summary, qt(secret), m_gateway, window());
    dialog->open();
}

} // namespace ui::settings
