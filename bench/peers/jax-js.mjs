export const jaxSteps = async () => null;
