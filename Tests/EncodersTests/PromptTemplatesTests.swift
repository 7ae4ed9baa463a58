import Encoders
import Testing

@Suite("Prompt templates")
struct PromptTemplatesTests {
  @Test(
    "each has one place for the name, and none comes twice", arguments: PromptTemplates.allCases)
  func places(templates: PromptTemplates) {
    for text in templates.texts { #expect(text.split(separator: "{}").count <= 2) }
    #expect(templates.texts.allSatisfy { $0.contains("{}") })
    #expect(Set(templates.texts).count == templates.texts.count)
  }

  @Test("the ensemble of ImageNet has eighty, and the seven are among them")
  func ensemble() {
    #expect(PromptTemplates.imagenet.texts.count == 80)
    #expect(PromptTemplates.imagenet7.texts.count == 7)
    #expect(Set(PromptTemplates.imagenet7.texts).isSubset(of: PromptTemplates.imagenet.texts))
  }
}
