// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/prompt_tools.h"

#include <QSet>
#include <QWidget>

namespace ui::widgets {
class Button;
class Label;
}

namespace ui::prompts {

class RunCard;
class VariablesForm;

/// Runs the shown version, stored or not, with values that are typed here against one or two routes.
class Playground final : public QWidget
{
    Q_OBJECT
public:
    explicit Playground(gateway::api::PromptTools &tools, QWidget *parent = nullptr);

    /// @param identity  of the prompt, for its values
    /// @param called    "v8"
    void show(const std::string &identity, const std::string &name, const gateway::config::PromptVersion &version, const QString &called);
    void setRoutes(const QStringList &names);
    /// Runs it, or marks what is missing and runs nothing. While it runs: stops it.
    void runOrStop();
    [[nodiscard]] bool running() const;
    [[nodiscard]] std::string values() const; ///< what is typed, a JSON object
    [[nodiscard]] QSet<QString> missing() const; ///< variables that are marked as missing

Q_SIGNALS:
    void valuesChanged();
    void callWanted(const QString &id);

private:
    void refresh();

    gateway::api::PromptTools &m_tools;
    std::string m_identity, m_name;
    gateway::config::PromptVersion m_version;
    QString m_called;
    QStringList m_routes;
    widgets::Label *m_note;
    widgets::Button *m_run;
    VariablesForm *m_form;
    QList<RunCard *> m_cards;
};

} // namespace ui::prompts
