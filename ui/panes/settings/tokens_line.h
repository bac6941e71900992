// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/settings/setting_row.h"

#include <functional>

namespace ui::widgets {
class Button;
class TableView;
}

namespace ui::settings {

class TokenForm;
class TokensModel;

/// The admin tokens: made and rotated with the secret shown once, changed, removed. The installation's own and those of the
/// --config file are shown, and cannot be changed here.
class TokensLine final : public SettingLine
{
    Q_OBJECT
public:
    TokensLine(gateway::api::Gateway &gateway, bridge::ViewContext &view, QWidget *parent = nullptr);

private:
    using Config = gateway::config::Config;
    using AdminToken = gateway::config::AdminToken;

    QWidget *makeTable();
    QWidget *makeButtons();
    void refresh();
    void showTokens();
    void showActions();
    [[nodiscard]] const AdminToken *chosen() const; ///< that can be changed here; nullptr: none is
    void create();
    void change();
    void rotate();
    void remove();
    void submitNew(TokenForm *form);
    void submitChange(TokenForm *form, const AdminToken &before);
    void giveSecret(const AdminToken &token);
    /// Applies the change; `done` gets why it was refused, or nothing.
    void apply(QObject *context, const QString &note, const std::function<void(Config &)> &change, std::function<void(const QString &problem)> done);
    void showSecret(const QString &title, const std::string &name, const std::string &secret);

    gateway::api::Gateway &m_gateway;
    bridge::ViewContext &m_view;
    TokensModel *m_model;
    widgets::TableView *m_table;
    widgets::Button *m_change = nullptr, *m_rotate = nullptr, *m_remove = nullptr;
    QString m_file; ///< of --config
};

} // namespace ui::settings
