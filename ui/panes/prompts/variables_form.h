// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/prompt.h"
#include "ui/widgets/card.h"

#include <QHash>
#include <QSet>

#include <map>

class QScrollArea;
class QVBoxLayout;

namespace ui::prompts {

/// The values with which a version is tried: a field for each variable, as its type asks. What was typed for a name stays,
/// whichever version is shown.
class VariablesForm final : public widgets::Card
{
    Q_OBJECT
public:
    explicit VariablesForm(QWidget *parent = nullptr);

    /// @param prompt  whose values are kept apart from those of others
    void show(const std::string &prompt, const gateway::config::PromptVersion &version);

    [[nodiscard]] std::string values() const;            ///< JSON object of what is given
    [[nodiscard]] QStringList missing() const;           ///< that must be given and are not
    [[nodiscard]] QString problem() const;               ///< the first value that may not be given, or that is missing; empty: all is well
    /// Marks what is missing from now on, and gives the first of it the keys.
    void markMissing();
    [[nodiscard]] QSet<QString> marked() const;          ///< the missing ones that are marked

Q_SIGNALS:
    void changed();

private:
    struct Field
    {
        gateway::config::PromptVariable variable;
        QWidget *widget = nullptr;
    };
    void rebuild();
    Field makeField(const gateway::config::PromptVariable &variable);
    void valueTyped(const std::string &name, const QString &text);
    void refresh();
    [[nodiscard]] QString typed(const std::string &name) const;
    [[nodiscard]] QString problemOf(const gateway::config::PromptVariable &variable) const; ///< of what is given

    std::string m_prompt;
    std::vector<gateway::config::PromptVariable> m_variables;
    bool m_declared = false;                             ///< else values are taken as they come
    std::map<std::string, std::map<std::string, QString>> m_typed; ///< by prompt and name
    std::map<std::string, bool> m_marking;               ///< by prompt
    QList<Field> m_fields;
    QScrollArea *m_scroll;
    QVBoxLayout *m_column;
};

} // namespace ui::prompts
