// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/prompts/prompt_book.h"

#include <QScrollArea>

class QComboBox;
class QLineEdit;
class QVBoxLayout;

namespace ui::panes {
class JsonEdit;
}

namespace ui::prompts {

/// What a version is sent with: the model and parameters, how values are put in, and tools and the form of the answer.
class SettingsPage final : public QScrollArea
{
    Q_OBJECT
public:
    enum class Part { Model, Tools };
    SettingsPage(Part part, QWidget *parent = nullptr);

    void setRoutes(const QStringList &names);
    void show(const PromptVersion &version, bool editable);

Q_SIGNALS:
    void edited(const QString &what, const PromptBook::Change &change, const QString &merge);

private:
    void makeModel(QVBoxLayout *column);
    void makeTools(QVBoxLayout *column);
    void setParameter(const std::string &key, QLineEdit *field);

    Part m_part;
    QComboBox *m_model = nullptr, *m_escape = nullptr;
    QLineEdit *m_temperature = nullptr, *m_topP = nullptr, *m_maxTokens = nullptr;
    panes::JsonEdit *m_parameters = nullptr, *m_tools = nullptr, *m_format = nullptr;
};

} // namespace ui::prompts
